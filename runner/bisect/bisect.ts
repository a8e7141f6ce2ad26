/** What one of a list turned out to be. untestable: it came to no verdict. */
export type Probed = 'good' | 'bad' | 'untestable';

/** What a bisection found. */
export type Bisected =
  /** `first` is the first that is bad, `last` the last before it that is known to be good; what lies between could not be tested. */
  | { readonly is: 'found'; readonly first: number; readonly last: number; readonly probes: number }
  | { readonly is: 'never-bad' | 'always-bad'; readonly probes: number }
  /** The oldest or the newest came to no verdict. */
  | { readonly is: 'no-end'; readonly end: 'oldest' | 'newest'; readonly probes: number };

/**
 * Finds where a list of so many, the oldest first, turns from good to bad: both ends are probed, then each time the middle of what is left. What
 * cannot be tested is passed over for the nearest that was not tried.
 */
export async function bisect(count: number, probe: (index: number) => Promise<Probed>): Promise<Bisected> {
  let probes = 0;
  const ask = (index: number): Promise<Probed> => {
    probes += 1;
    return probe(index);
  };
  const newest = await ask(count - 1);
  if (newest === 'untestable') return { is: 'no-end', end: 'newest', probes };
  if (newest === 'good') return { is: 'never-bad', probes };
  if (count === 1) return { is: 'always-bad', probes };
  const oldest = await ask(0);
  if (oldest === 'untestable') return { is: 'no-end', end: 'oldest', probes };
  if (oldest === 'bad') return { is: 'always-bad', probes };
  let last = 0;
  let first = count - 1;
  const untestable = new Set<number>();
  for (;;) {
    const middle = (last + first) / 2;
    const left = Array.from({ length: first - last - 1 }, (_, i) => last + 1 + i).filter((index) => !untestable.has(index));
    const next = left.sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle))[0];
    if (next === undefined) return { is: 'found', first, last, probes };
    const probed = await ask(next);
    if (probed === 'untestable') untestable.add(next);
    else if (probed === 'bad') first = next;
    else last = next;
  }
}
