import type { ListedRun } from '../page.ts';

/** What a run is shown as: its verdict, hollow where it is known to fail. */
export type Standing = ListedRun['verdict'];

/** All verdicts in the order in which people want to hear of them. */
export const VERDICTS: readonly Standing[] = ['fail', 'error', 'warn', 'question', 'unclear', 'pass', 'skip'];

/** The shape that goes with each verdict, so that colour is never all that tells it. */
export const SHAPES: Readonly<Record<Standing, string>> = {
  pass: '●',
  fail: '✕',
  warn: '▲',
  question: '?',
  skip: '–',
  error: '!',
  unclear: '~',
};

/** Verdicts in the console's words. */
export const VERDICT_WORDS: Readonly<Record<Standing, string>> = {
  pass: 'passed',
  fail: 'failed',
  warn: 'warned',
  question: 'question',
  skip: 'skipped',
  error: 'error',
  unclear: 'unclear',
};

/** Whether a run is shown hollow: it fails as it is known to, or beyond the set, or nobody confirmed it. */
export function isHollow({ expected }: Pick<ListedRun, 'expected'>): boolean {
  return expected === 'known-failure' || expected === 'beyond-set' || expected === 'not-confirmed';
}

/** Whether a run passes that is listed as a known failure. */
export function isStale({ expected }: Pick<ListedRun, 'expected'>): boolean {
  return expected === 'stale-known-failure';
}

/** A case id without its protocol: `reconnect/within-grace`. */
export function shortId(id: string): string {
  const slash = id.indexOf('/');
  return slash < 0 ? id : id.slice(slash + 1);
}
