import { expect, test } from 'vitest';
import { type Attempt, attempts, referencePairs } from './attempt.ts';
import { field } from './testing/field.ts';

const CASE = [
  'title: A call that is answered',
  'requirements: [CLAMATOR-REPLY-07]',
  'under-test: client',
  'trace: free',
  'steps:',
  '  - connect: { timers: { blockMs: 200 } }',
  '  - invoke: { as: sum, procedure: calc.add, value: { a: 2, b: 40 } }',
  '  - receive: { from: sum, ok: { sum: 42 } }',
  '  - end: sum',
  '  - quiet: { for: 2000, no: { kind: FLUSHALL } }',
  '',
].join('\n');
const AXES = { id: 'clamator/elsewhere/it', role: 'client', binding: 'resp2' } as const;

test('an end is judged by the timers that it cannot set, and not by those of the case; so is the pair that must get through it first', async () => {
  const { bench, pair } = await field('clamator');
  const fixed = { client: { blockMs: 1000 }, server: {} };
  const reads = async (attempt: Attempt): Promise<readonly unknown[]> => {
    const { judged, performance } = await attempt(CASE, AXES);
    expect(judged.verdict).toBe('pass');
    return Object.values(performance?.facts.clientTimers ?? {}).map((timers) => timers['blockMs']);
  };
  expect(await reads(attempts(bench, 'needed'))).toEqual([200]);
  expect(await reads(attempts({ ...bench, fixedTimers: () => fixed }, 'needed'))).toContain(1000);
  const [first] = referencePairs(bench, pair, bench.run.world, () => fixed);
  if (first === undefined) throw new Error('there is no pair');
  expect(await reads(first)).toContain(1000);
});
