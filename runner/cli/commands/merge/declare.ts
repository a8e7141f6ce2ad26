import { Option } from 'commander';
import type { Declare } from '../../declare.ts';
import { REPORTS, type ReportName } from '../../report-names.ts';
import type { MergeOptions } from './merge.ts';

const USUAL_OF_MERGE: readonly ReportName[] = ['junit'];

/** Declares `weir merge`. */
export const declareMerge: Declare = (program, conclude) => {
  program
    .command('merge')
    .description('put the results of shards together')
    .argument('<results...>', 'results.json files, or folders with one; results.jsonl where a run did not come to its end')
    .option('-o, --output <folder>', 'where the whole goes', 'weir-report')
    .addOption(new Option('--report <kind...>', 'which reports to write beside results.json').choices(REPORTS).default(USUAL_OF_MERGE))
    .action(async (files: string[], options: MergeOptions) => conclude((await import('./merge.ts')).mergeCommand(files, options)));
};
