import { expect, test } from 'vitest';
import type { Completed } from './case-run.ts';
import { runCorpus } from './corpus-run.ts';
import { type GoldenSource, type GoldenUse, NOT_MADE } from './golden.ts';
import { pairRun } from './testing/pair-run.ts';

/** A case that passes where the result is 4. */
const textOf = (result: number, trace: 'equivalent' | 'free'): string => `title: A case of the tests
requirements: [RIVER-STREAM-RPC-02, RIVER-STREAM-RPC-01]
under-test: client
steps:
  - invoke: { as: sum, procedure: test.add, init: { n: 4 } }
  - receive: { from: sum, ok: { result: ${result} } }
  - end: sum
trace: ${trace}
`;

/** Runs a case on the reference pair; gives what came of it and how many golden traces were asked for. */
async function ran(text: string, goldenUse: GoldenUse): Promise<{ completed: Completed; asked: number }> {
  const { loaded, run } = await pairRun(text);
  const made = new Set<unknown>();
  const all: Completed[] = [];
  const golden: GoldenSource = {
    of: async (casting) => {
      const trace = await run.golden.of(casting);
      made.add(trace);
      return trace;
    },
  };
  await runCorpus(
    { ...run, goldenUse, golden },
    [{ id: 'river/test@client+json', case: loaded, role: 'client', binding: 'json', repeat: 1 }],
    (each) => void all.push(each),
  );
  const [completed] = all;
  if (completed === undefined) throw new Error('the case of this test was not run');
  return { completed, asked: made.size };
}

test.each([
  ['it is compared with', 4, 'equivalent', 'needed', 1, 'pass'],
  ['it is not compared with and that passed', 4, 'free', 'needed', 0, 'pass'],
  ['it is not compared with and that did not pass', 5, 'free', 'needed', 1, 'error'],
  ['it is not compared with, against an implementation', 4, 'free', 'always', 1, 'pass'],
] as const)('of a case-run which %s: golden traces', async (_name, result, trace, use, made, verdict) => {
  const { completed, asked } = await ran(textOf(result, trace), use);
  expect({ asked, verdict: completed.judged.verdict }).toEqual({ asked: made, verdict });
  expect(completed.golden === NOT_MADE).toBe(made === 0);
});

test('what did not pass without a golden trace is judged as it would have been with one', async () => {
  const [needed, always] = [await ran(textOf(5, 'free'), 'needed'), await ran(textOf(5, 'free'), 'always')];
  expect(needed.completed.judged).toEqual(always.completed.judged);
});
