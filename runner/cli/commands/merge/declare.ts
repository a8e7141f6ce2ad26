import type { Declare } from '../../declare.ts';
import type { MergeOptions } from './merge.ts';

/** Declares `weir merge`. */
export const declareMerge: Declare = (program, conclude) => {
  program
    .command('merge')
    .description('put the results of shards together')
    .argument('<results...>', 'results.json files, or folders with one; results.jsonl where a run did not come to its end')
    .option('-o, --output <folder>', 'where the whole goes', 'weir-report')
    .action(async (files: string[], options: MergeOptions) => conclude((await import('./merge.ts')).mergeCommand(files, options)));
};
