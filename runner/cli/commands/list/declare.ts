import type { Declare } from '../../declare.ts';
import { protocolOption, requirementOption, roleOption, tagOption } from '../../options.ts';
import type { ListOptions } from './list.ts';

/** Declares `weir list`. */
export const declareList: Declare = (program, conclude) => {
  program
    .command('list')
    .description('list cases')
    .argument('[cases...]', 'ids or globs')
    .addOption(protocolOption())
    .addOption(roleOption())
    .addOption(tagOption())
    .addOption(requirementOption())
    .option('--json', 'as JSON', false)
    .action(async (patterns: string[], options: ListOptions) => conclude((await import('./list.ts')).listCommand(patterns, options)));
};
