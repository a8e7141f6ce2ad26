import type { Declare } from '../../declare.ts';
import { protocolOption } from '../../options.ts';
import type { ShowOptions } from './show.ts';

/** Declares `weir show`. */
export const declareShow: Declare = (program, conclude) => {
  program
    .command('show')
    .description('show a case: steps, axes, the rules it tests')
    .argument('<case>', 'id or glob')
    .addOption(protocolOption())
    .option('--json', 'as JSON', false)
    .action(async (id: string, options: ShowOptions) => conclude((await import('./show.ts')).showCommand(id, options)));
};
