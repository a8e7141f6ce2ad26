import { expect, test } from 'vitest';
import type { LoadedCase } from '../cases/case.ts';
import type { Assignment } from './case-run.ts';
import { endsFrom } from './implementation-ends.ts';
import type { ReferenceEnds } from './reference-ends.ts';
import { TimeLimitError } from './time-limit.ts';

const reference: ReferenceEnds = {
  client: { kind: 'implementation', peer: () => Promise.reject(new Error('unused')) },
  server: { kind: 'implementation', peer: () => Promise.reject(new Error('unused')) },
};
const loaded: Pick<LoadedCase, 'steps'> = { steps: [] };
const assignment: Assignment = { id: 'x', case: loaded as LoadedCase, role: 'client', binding: 'json', repeat: 1 };
const world = { timeScale: 1, patienceMs: 0 };

test('a run that hangs is given up by the wall clock, whatever hangs', async () => {
  const withEnds = endsFrom(reference, undefined, world, -29_950);
  await expect(withEnds(assignment, 'shared', () => new Promise(() => {}))).rejects.toThrow(TimeLimitError);
  await expect(withEnds(assignment, 'shared', () => new Promise(() => {}))).rejects.toThrow('given up after 50 ms of wall clock');
});

test('what a run gives or throws in time is passed on', async () => {
  const withEnds = endsFrom(reference, undefined, world, undefined);
  expect(await withEnds(assignment, 'shared', async () => 7)).toBe(7);
  await expect(withEnds(assignment, 'shared', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
});
