import { expect, test } from 'vitest';
import type { Step } from '../cases/step.ts';
import { runLimitMs, stepsLimitMs } from './time-limit.ts';

const step = (action: Step['action'], index: number): Step => ({
  index,
  line: 1,
  column: 1,
  requirement: undefined,
  text: '',
  action,
});
const steps = [
  step({ kind: 'opened', after: 0, within: 10_000 }, 0),
  step({ kind: 'disconnect', client: 'main' }, 1),
  step({ kind: 'quiet', for: 5000, no: [], calls: [], noConnection: false, noClose: false, noHandler: undefined }, 2),
];

test('a case may take as long as its own waits in the world’s time, 30 ms for each thing it asks for, and 15 s', () => {
  expect(stepsLimitMs(steps, { timeScale: 1, patienceMs: 0 }, undefined)).toBe(30_030);
  expect(stepsLimitMs(steps, { timeScale: 0.2, patienceMs: 0 }, undefined)).toBe(18_030);
  expect(stepsLimitMs(steps, { timeScale: 0.2, patienceMs: 4000 }, undefined)).toBe(20_030);
});

test('or as long as it is told; the wall clock gives more', () => {
  expect(stepsLimitMs(steps, { timeScale: 1, patienceMs: 0 }, 700)).toBe(700);
  expect(runLimitMs(700)).toBeGreaterThan(700);
});
