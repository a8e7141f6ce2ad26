import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Role } from '../../../protocols/common/frame.ts';
import { scenarios } from '../../fuzz/generate.ts';
import { caseText } from '../../fuzz/to-case.ts';
import { unfold } from '../../fuzz/unfold.ts';
import { loadWords } from '../../fuzz/words.ts';
import { playToy } from './stage.ts';

// Generated scenarios of a protocol whose connections nothing bridges, with credit, kinds that nobody answers, and no code for cancelling.

const words = loadWords(fileURLToPath(new URL('fuzz.yaml', import.meta.url)));
const setting = (underTest: Role) => ({ underTest, has: (feature: string) => feature !== 'none', kindOf: () => undefined, steady: true });
const SCENARIOS = fc.sample(scenarios(words), { numRuns: 150, seed: 11 });

test('scenarios use what the protocol has, and nothing that it does not bridge', () => {
  const all = SCENARIOS.flatMap((scenario) => unfold(scenario, words, setting('client')).steps);
  const kinds = new Set(all.flatMap((step) => Object.keys(step)));
  for (const kind of ['invoke', 'credit', 'receive', 'end', 'fault', 'connect', 'handler']) expect([...kinds]).toContain(kind);
  const faults = all.flatMap(({ fault }) =>
    typeof fault === 'object' && fault !== null ? Object.keys(fault) : fault === undefined ? [] : [fault],
  );
  // A bare cut and what restores it are an outage: its calls are only told.
  expect(new Set(faults)).toEqual(new Set(['split', 'delay', 'cut', 'restore', 'replace', 'corrupt', 'truncate']));
});

test('what the model says is what the applications see', async () => {
  let played = 0;
  for (const [i, scenario] of SCENARIOS.entries()) {
    const role = i % 2 === 0 ? 'client' : 'server';
    const unfolded = unfold(scenario, words, setting(role));
    if (unfolded.mood === 'hostile') continue;
    const facts = {
      role,
      binding: i % 3 === 0 ? 'socket' : 'stream',
      title: 'A generated scenario',
      note: 'for a test',
      compares: true,
    } as const;
    const text = caseText(unfolded, words, facts);
    const { judged, performance } = await playToy(text, { role, binding: facts.binding });
    const wrong = performance.played.outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.message]));
    expect([wrong, judged.findings, performance.played.failure], text).toEqual([[], [], undefined]);
    played += 1;
  }
  expect(played).toBeGreaterThan(60);
});
