import type { Declare } from '../../declare.ts';
import { redactOption, showSecretsOption } from '../../options.ts';
import type { DiffOptions } from './diff.ts';

/** Declares `weir diff`. */
export const declareDiff: Declare = (program, conclude) => {
  program
    .command('diff')
    .description('hold two results, or two traces, against each other')
    .argument('<a>', 'results.json or a folder with one; or a trace or bundle')
    .argument('<b>', 'the other one, of the same kind')
    .option('--json', 'as JSON', false)
    .addOption(redactOption())
    .addOption(showSecretsOption())
    .action(async (a: string, b: string, options: DiffOptions) => conclude((await import('./diff.ts')).diffCommand(a, b, options)));
};
