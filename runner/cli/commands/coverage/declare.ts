import type { Declare } from '../../declare.ts';
import type { CoverageOptions } from './coverage.ts';

/** Declares `weir coverage`. */
export const declareCoverage: Declare = (program, conclude) => {
  program
    .command('coverage')
    .description('what tests each requirement, measured by running the corpus on the reference pair')
    .argument('[protocol]', 'e.g. river')
    .option('--all', 'also what is covered', false)
    .option('--json', 'as JSON', false)
    .option('--results <file>', 'results.json of a run of the whole corpus on the reference pair, instead of running it')
    .option('--mutants <file>', 'what `npm run mutants -- --json <file>` wrote: also which mutants were killed')
    .action(async (protocol: string | undefined, options: CoverageOptions) =>
      conclude((await import('./coverage.ts')).coverageCommand(protocol, options)),
    );
};
