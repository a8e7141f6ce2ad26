import * as z from 'zod';
import { parseJson } from '../files/json.ts';
import { totalsOf } from './assemble.ts';
import { type CaseRun, caseRun, type Results, results } from './result.ts';

/** `results.jsonl`: what is known of a run while it goes on. A head, then a line for each case-run as it is told. */

const { weir, protocol, startedAt, world, seed, timeScale, implementation, shard } = results.shape;

/** The first line. */
export const linesHead = z.object({
  'weir-results-lines': z.literal(1),
  weir,
  protocol,
  startedAt,
  world,
  seed,
  timeScale,
  implementation,
  shard,
  set: z.string().optional().describe('Only with --set: the frozen set that is scored against.'),
  planned: z.int().describe('How many case-runs there are to be.'),
});
/** The first line of `results.jsonl`. */
export type LinesHead = z.infer<typeof linesHead>;

/** Any line of `results.jsonl`. */
export const resultLine = z.union([linesHead, caseRun]);

/** Whether a text is `results.jsonl`. */
export function isLines(text: string): boolean {
  return text.startsWith('{"weir-results-lines":');
}

/** The results that lines amount to, with a warning where case-runs are missing. A last line that was not finished is left out. Throws a `ZodError` or a `SyntaxError`. */
export function resultsOfLines(text: string): Results {
  const [first = '', ...rest] = text.split('\n');
  const { 'weir-results-lines': _, set, planned, ...head } = linesHead.parse(parseJson(first));
  // Behind the last line break is nothing, or what was being written when the run was ended.
  const runs = rest.slice(0, -1).map((line): CaseRun => caseRun.parse(parseJson(line)));
  const missing = planned - runs.length;
  const warning = `the run did not come to its end: of ${missing} of ${planned} case-runs nothing is known`;
  return {
    schema: 'weir-results/1',
    ...head,
    durationMs: runs.reduce((sum, { durationMs }) => sum + durationMs, 0),
    ...totalsOf(runs, set),
    ...(missing > 0 ? { warnings: [warning] } : {}),
    runs,
  };
}
