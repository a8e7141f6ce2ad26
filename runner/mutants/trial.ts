/** Of what a case is distilled: bare traffic, the trace of a run, its case. */
export type Source = 'wire' | 'trace' | 'case';

/** What patched peers are tried with. */
export type Trial =
  | { readonly kind: 'corpus' }
  /** So many variants that a sweep derives from nominal cases, evenly spread over all that there are. */
  | { readonly kind: 'sweep'; readonly runs: number }
  /** Generated scenarios, for so long with each peer, until one notices it. */
  | { readonly kind: 'fuzz'; readonly forMs: number }
  /** The case that is distilled out of the first run of the corpus that notices a peer. */
  | { readonly kind: 'distil'; readonly source: Source };

/** How trials are written on the command line. */
export const TRIALS = 'corpus, sweep:<case-runs>, fuzz:<seconds> or distil:<wire, trace or case>';

/** Reads a trial as it is written; undefined for anything else. */
export function readTrial(text: string): Trial | undefined {
  if (text === 'corpus') return { kind: 'corpus' };
  const [, source] = /^distil:(wire|trace|case)$/.exec(text) ?? [];
  if (source !== undefined) return { kind: 'distil', source: source === 'wire' || source === 'trace' ? source : 'case' };
  const [, kind, number] = /^(sweep|fuzz):([1-9]\d*)$/.exec(text) ?? [];
  if (kind === undefined) return undefined;
  return kind === 'sweep' ? { kind, runs: Number(number) } : { kind: 'fuzz', forMs: Number(number) * 1000 };
}

/** At most `count` of the items, evenly spread, in their order. */
export function spread<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  return items.filter((_, i) => Math.floor(((i + 1) * count) / items.length) > Math.floor((i * count) / items.length));
}
