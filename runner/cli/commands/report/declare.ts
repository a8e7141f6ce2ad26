import type { Declare } from '../../declare.ts';
import type { ReportOptions } from './report.ts';

/** Declares `weir report`. */
export const declareReport: Declare = (program, conclude) => {
  program
    .command('report')
    .description('write an HTML report of results that are there')
    .argument('<results...>', 'results.json files, or folders with one; shards become one, other runs stand beside each other')
    .option('-o, --output <file>', 'the page (default: report.html beside the results, or here for several)')
    .option('--open', 'open it', false)
    .action(async (paths: string[], options: ReportOptions) => conclude((await import('./report.ts')).reportCommand(paths, options)));
};
