import { seedOf } from '../seed-of.ts';

/** Whose share it is. */
export interface Sharer {
  readonly id: string;
  /** Ids of cases whose runs it gets first. */
  readonly 'shown-by'?: readonly string[] | undefined;
}

/**
 * At most `most` of the run ids that each peer reaches: those of the cases that are known to show it, and then those that a hash of both ids
 * puts first, so that each peer has the same every time, and what many peers reach is shared out among them.
 */
export function shares(
  peers: readonly Sharer[],
  reached: ReadonlyMap<string, readonly string[]>,
  most: number,
): ReadonlyMap<string, readonly string[]> {
  return new Map(peers.map((peer) => [peer.id, shareOf(peer, reached.get(peer.id) ?? [], most)]));
}

function shareOf({ id, 'shown-by': shownBy = [] }: Sharer, runs: readonly string[], most: number): readonly string[] {
  if (runs.length <= most) return runs;
  const isKnown = (run: string): boolean => shownBy.some((ofCase) => run.startsWith(`${ofCase}@`));
  return runs
    .map((run) => ({ run, place: isKnown(run) ? -1 : seedOf(0, `${id} ${run}`) }))
    .toSorted((a, b) => a.place - b.place || (a.run < b.run ? -1 : 1))
    .slice(0, most)
    .map(({ run }) => run);
}
