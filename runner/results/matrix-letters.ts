import type { Verdict } from './result.ts';

/** The letter of each verdict in a row of a matrix. */
export const VERDICT_LETTERS = { pass: 'p', question: 'q', warn: 'w', fail: 'f', skip: 's', error: 'e', unclear: 'u' } as const;
/** The letter of what a row has no verdict of. */
export const NOT_RUN = '-';

const VERDICTS: ReadonlyMap<string, Verdict> = new Map(
  Object.entries(VERDICT_LETTERS).map(([verdict, letter]) => [letter, verdict as Verdict]),
);

/** The verdict of a letter; undefined for what was not run. */
export function verdictOf(letter: string | undefined): Verdict | undefined {
  return VERDICTS.get(letter ?? NOT_RUN);
}
