import type { Declare } from '../../declare.ts';
import { profileOption, redactOption, showSecretsOption, strictOption } from '../../options.ts';
import type { CheckOptions } from './check.ts';

/** Declares `weir check`. */
export const declareCheck: Declare = (program, conclude) => {
  program
    .command('check')
    .description('judge bundles and traces again by today’s rules, without the implementation')
    .argument('<files...>', 'bundles (all judges) or traces (the invariants alone)')
    .addOption(strictOption())
    .addOption(profileOption())
    .addOption(redactOption())
    .addOption(showSecretsOption())
    .action(async (files: string[], options: CheckOptions) => conclude((await import('./check.ts')).checkCommand(files, options)));
};
