/** What patched peers are tried with. */
export type Trial =
  | { readonly kind: 'corpus' }
  /** So many variants that a sweep derives from nominal cases, evenly spread over all that there are. */
  | { readonly kind: 'sweep'; readonly runs: number }
  /** Generated scenarios, for so long with each peer, until one notices it. */
  | { readonly kind: 'fuzz'; readonly forMs: number };

/** How trials are written on the command line. */
export const TRIALS = 'corpus, sweep:<case-runs> or fuzz:<seconds>';

/** Reads a trial as it is written; undefined for anything else. */
export function readTrial(text: string): Trial | undefined {
  if (text === 'corpus') return { kind: 'corpus' };
  const [, kind, number] = /^(sweep|fuzz):([1-9]\d*)$/.exec(text) ?? [];
  if (kind === undefined) return undefined;
  return kind === 'sweep' ? { kind, runs: Number(number) } : { kind: 'fuzz', forMs: Number(number) * 1000 };
}

/** At most `count` of the items, evenly spread, in their order. */
export function spread<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  return items.filter((_, i) => Math.floor(((i + 1) * count) / items.length) > Math.floor((i * count) / items.length));
}
