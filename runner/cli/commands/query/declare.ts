import type { Declare } from '../../declare.ts';
import type { QueryOptions } from './query.ts';

/** Declares `weir query`. */
export const declareQuery: Declare = (program, conclude) => {
  program
    .command('query')
    .description('ask results, or a matrix, for case-runs: who fails what, since which version, where two implementations differ')
    .argument('<query>', "as in 'verdict:fail role:server', 'count:2-(verdict:fail)', 'seq(verdict:pass verdict:fail)' (docs/matrix.md)")
    .argument('[files...]', 'results.json files, or folders with one; or one matrix.json, or a folder with one', ['weir-report'])
    .option('--history', 'with a matrix: ask the days of its history instead of its versions', false)
    .option('--json', 'a line of JSON for each case-run', false)
    .action(async (query: string, files: string[], options: QueryOptions) =>
      conclude((await import('./query.ts')).queryCommand(query, files, options)),
    );
};
