import { expect, test } from 'vitest';
import { caseParser } from '../cases/parse.ts';
import { protocolEntry } from '../registry.ts';
import { simulatedWorld } from '../worlds/simulated/index.ts';
import type { Completed } from './case-run.ts';
import { runCorpus } from './corpus-run.ts';
import { type GoldenUse, goldenSource, NOT_MADE } from './golden.ts';
import { alwaysInProcess, referenceEnds } from './reference-ends.ts';
import { textPlayer } from './testing/play-text.ts';

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
  const { corpus } = await textPlayer();
  const entry = protocolEntry('river');
  const protocol = await entry.protocol();
  const ends = referenceEnds(await entry.makeClient(), await entry.makeServer(corpus.services));
  const parsed = caseParser(protocol, corpus)('test.yaml', 'river/test', text);
  if (!parsed.ok) throw new Error('the case of this test is broken');
  const world = simulatedWorld();
  const golden = goldenSource(world, ends);
  const made = new Set<unknown>();
  const all: Completed[] = [];
  await runCorpus(
    {
      protocol,
      requirements: corpus.requirements,
      procedureKinds: corpus.procedureKinds,
      world,
      goldenUse,
      golden: {
        of: async (casting) => {
          const trace = await golden.of(casting);
          made.add(trace);
          return trace;
        },
      },
      withEnds: alwaysInProcess(ends),
      seed: 1,
      strict: false,
      concurrency: 1,
      now: () => 0,
      stopped: () => false,
    },
    [{ id: 'river/test@client+json', case: parsed.case, role: 'client', binding: 'json', repeat: 1 }],
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
