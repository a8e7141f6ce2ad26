import type { Role } from '../../protocols/common/frame.ts';
import type { Setting, Stage } from '../worlds/world.ts';

/** Ms of wall clock that those who take part in a run have lost in it. */
export interface Lost {
  /** The runner's event loop. */
  readonly runner: number;
  /** The adapter's process, by its answers to pings. */
  readonly adapter: number;
}

/** How punctual everyone was in one performance. */
export interface Punctuality {
  /** In the whole run. */
  readonly lost: Lost;
  /** In each step that was carried out, both together. */
  readonly steps: readonly number[];
  /** The adapter's process had carried out nothing before: what it loads at its first call takes time that no later one does. */
  readonly fresh: boolean;
}

/** Everyone was punctual, or nobody asked: where both ends and the clock live in one process. */
export const PUNCTUAL: Punctuality = { lost: { runner: 0, adapter: 0 }, steps: [], fresh: false };

/** Reads how punctual a stage and its ends are, from now on. */
export interface PunctualityMeter {
  /** Ms lost so far, by all. */
  lostMs(): number;
  /** `steps`: what was lost in each. */
  read(steps: readonly number[]): Punctuality;
}

/** A meter of these ends, to be made before they are asked for anything. */
export function punctualityMeter(stage: Pick<Stage, 'lostMs'>, ends: readonly Setting[Role][]): PunctualityMeter {
  const implementations = ends.flatMap((end) => (end.kind === 'implementation' ? [end] : []));
  const fresh = implementations.some((end) => end.fresh?.() ?? false);
  const reading = (): Lost => ({
    runner: stage.lostMs?.() ?? 0,
    adapter: implementations.reduce((sum, end) => sum + (end.lostMs?.() ?? 0), 0),
  });
  const atFirst = reading();
  const lost = (): Lost => {
    const now = reading();
    return { runner: now.runner - atFirst.runner, adapter: now.adapter - atFirst.adapter };
  };
  const lostMs = (): number => {
    const { runner, adapter } = lost();
    return runner + adapter;
  };
  return { lostMs, read: (steps) => ({ lost: lost(), steps, fresh }) };
}
