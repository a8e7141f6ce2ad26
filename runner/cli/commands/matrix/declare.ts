import type { Declare } from '../../declare.ts';
import { atLeastOne, positive } from '../../options.ts';
import type { MatrixOptions } from './options.ts';

/** Declares `weir matrix`. */
export const declareMatrix: Declare = (program, conclude) => {
  program
    .command('matrix')
    .description('who passes what: every implementation and version against the corpus, as a page, Markdown and JSON')
    .argument('[protocols...]', 'e.g. river; none: all')
    .option('-i, --implementation <path...>', 'others beside those in implementations/, as weir run takes them', [])
    .option('--only <row...>', 'only these rows, by name or name@version, beside the reference pair', [])
    .option('--case <pattern...>', 'only these cases, as weir run takes them', [])
    .option('--choice <file>', 'which protocols, cases, rows and pairs there are, as a file; --case and --only go before it')
    .option('--within <minutes>', 'most minutes of all together; the same command goes on with what was not run', positive)
    .option('--jobs <count>', 'rows that are run at a time', atLeastOne, 2)
    .option('--limit <minutes>', 'most minutes of one row', atLeastOne, 15)
    .option('--repeat <times>', 'run each case-run that many times, to tell what is flaky', atLeastOne, 1)
    .option('--fresh', 'run every row anew; else rows of which nothing has changed are taken as they were', false)
    .option('--work <folder>', 'where rows leave their results and evidence', 'weir-matrix/work')
    .option('-o, --output <folder>', 'where pages and data go, a folder for each protocol', 'weir-matrix')
    .option('--mutants <file>', 'what `npm run mutants -- --json <file>` wrote: also which mutants of each requirement are noticed')
    .option('--append', 'add what was seen to history.jsonl in the output folder', false)
    .option(
      '--check',
      'run nothing: hold the data in the output folder against the corpora, and say how old it is; no protocol: of all that are there',
      false,
    )
    .addHelpText(
      'after',
      '\nExamples:\n  weir matrix\n  weir matrix river --only replit-river --case "river/rpc/*"\n  weir matrix --output reports --append\n  weir matrix --check --output reports\n',
    )
    .action(async (protocols: string[], options: MatrixOptions) =>
      conclude((await import('./matrix.ts')).matrixCommand(protocols, options)),
    );
};
