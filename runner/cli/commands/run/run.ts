import { resolve } from 'node:path';
import { PAGE_FILE } from '../../../../reporters/html/html.ts';
import type { Results } from '../../../results/result.ts';
import { openInBrowser } from '../../browser.ts';
import { type CarriedOut, carryOutRun } from '../../carry-out.ts';
import { EXIT, exitCodeOf, whyNothing } from '../../exit.ts';
import { holdAgainst } from '../../known.ts';
import type { RunOptions } from '../../run-options.ts';

/** `weir run`: plans, runs, reports. Gives the exit code. */
export async function runCommand(patterns: readonly string[], options: RunOptions): Promise<number> {
  return (await runOnce(patterns, options)).code;
}

/** Plans, runs, reports, and holds it against what is expected. Gives the exit code, and what came of the run. */
export async function runOnce(
  patterns: readonly string[],
  options: RunOptions,
): Promise<{ readonly code: number; readonly results: Results }> {
  const ran = await carryOutRun(patterns, options);
  if (options.open === true && options.output !== false && options.report.includes('html')) openReport(options.output);
  const code = ran.interrupted ?? (await finish(ran));
  return { code: code === EXIT.ok && !ran.complete ? EXIT.harness : code, results: ran.results };
}

function openReport(output: string): void {
  const file = resolve(output, PAGE_FILE);
  if (!openInBrowser(file)) process.stderr.write(`there is no browser here to open ${file}\n`);
}

async function finish({ results, known }: CarriedOut): Promise<number> {
  const code = exitCodeOf(results.runs);
  const ran = results.runs.filter((run) => run.verdict !== 'skip');
  const { shard, runs } = results;
  if (ran.length === 0 && shard !== undefined) {
    // Whether anything at all was run shows where the parts are put together.
    const what = runs.length === 0 ? 'has no case' : 'has only case-runs that are skipped';
    process.stdout.write(`part ${shard.index} of ${shard.count} ${what}; the others may have some\n`);
    return EXIT.ok;
  }
  if (ran.length === 0) {
    process.stderr.write(`nothing was run: ${whyNothing(results)}\n`);
    return EXIT.usage;
  }
  return holdAgainst(results.runs, known, code);
}
