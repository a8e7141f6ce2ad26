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
    .option('--html <file>', 'write a page, too: what changed, with the traces of both sides')
    .option('--open', 'open that page (weir-diff.html, where no other is named)', false)
    .addOption(redactOption())
    .addOption(showSecretsOption())
    .action(async (a: string, b: string, options: DiffOptions) => conclude((await import('./diff.ts')).diffCommand(a, b, options)));
};
