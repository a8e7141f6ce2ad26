import { DEFAULT_WITHIN_MS } from '../cases/grammar-words.ts';
import { judges, type Step } from '../cases/step.ts';
import type { World } from '../worlds/world.ts';
import { WORK_MS } from './playing.ts';

/** What the steps of a case may take beside their own waits, ms of the world: more than the longest wait for one answer of an adapter. */
const SLACK_MS = 15_000;

/** What a case-run may take beside its steps, ms of wall clock: a server that is slow to start, the trace to settle, ends that are slow to leave. */
const AROUND_MS = 30_000;

/** A case-run that was not over in time. Every wait has its own bound, so this means that something is very slow, or that Weir hangs. */
export class TimeLimitError extends Error {
  override readonly name = 'TimeLimitError';
}

/** Longest that the steps of a case may take together, in ms of the world: `timeoutMs`, or their own waits and some slack. */
export function stepsLimitMs(
  steps: readonly Step[],
  world: Pick<World, 'timeScale' | 'patienceMs'>,
  timeoutMs: number | undefined,
): number {
  if (timeoutMs !== undefined) return timeoutMs;
  return SLACK_MS + steps.reduce((sum, step) => sum + longestMs(step, world), 0);
}

/** Longest that a whole case-run may take, in ms of wall clock. */
export function runLimitMs(stepsLimit: number): number {
  return stepsLimit + AROUND_MS;
}

function longestMs({ action }: Step, world: Pick<World, 'timeScale' | 'patienceMs'>): number {
  return longestWaitMs(action, world) + (judges(action) ? 0 : WORK_MS);
}

function longestWaitMs(action: Step['action'], world: Pick<World, 'timeScale' | 'patienceMs'>): number {
  if (action.kind === 'quiet') return action.for * world.timeScale;
  if (judges(action)) return Math.max(action.within * world.timeScale, world.patienceMs);
  return action.kind === 'peer' ? Math.max(DEFAULT_WITHIN_MS * world.timeScale, world.patienceMs) : 0;
}
