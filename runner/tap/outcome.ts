import type { Tally } from './watch.ts';

/** How much passed. */
export interface Counts {
  readonly frames: number;
  readonly connections: number;
  /** How long the tap was there. */
  readonly ms: number;
}

/** Whether what was broken fails a build, as a run would: a rule that binds, or (`strict`) one that only asks. */
export function breachesBuild({ broken }: Tally, strict: boolean): boolean {
  return broken.some(({ gravity }) => gravity === 'fail' || (strict && gravity === 'warn'));
}
