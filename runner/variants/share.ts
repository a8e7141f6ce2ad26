import { seedOf } from '../seed-of.ts';

/**
 * At most `most` of the run ids for each peer: those that a hash of both ids puts first, so that each peer has the same every time, and what
 * many peers reach is shared out among them.
 */
export function shares(reached: ReadonlyMap<string, readonly string[]>, most: number): ReadonlyMap<string, readonly string[]> {
  return new Map([...reached].map(([peer, runs]) => [peer, shareOf(peer, runs, most)]));
}

function shareOf(peer: string, runs: readonly string[], most: number): readonly string[] {
  if (runs.length <= most) return runs;
  return runs
    .map((run) => ({ run, place: seedOf(0, `${peer} ${run}`) }))
    .toSorted((a, b) => a.place - b.place || (a.run < b.run ? -1 : 1))
    .slice(0, most)
    .map(({ run }) => run);
}
