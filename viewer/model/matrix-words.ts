import { isMust } from '../../runner/results/keeping.ts';
import type { Matrix, MatrixRow } from '../../runner/results/matrix.ts';
import type { Tally } from '../../runner/results/matrix-tally.ts';

/** A cell in words. */
export function cellWords({ total, pass, fail, warn, question, skip, error, flaky }: Tally): string {
  if (total === 0) return 'nothing was run';
  const parts: [number, string][] = [
    [pass, 'passed'],
    [fail, 'break a MUST'],
    [warn, 'break a SHOULD'],
    [question, question === 1 ? 'question' : 'questions'],
    [flaky, 'not always the same'],
    [error, 'errors or unclear'],
    [skip, 'not supported'],
  ];
  return parts.flatMap(([times, what]) => (times === 0 ? [] : [`${times} ${what}`])).join(', ');
}

/** How many MUSTs a row keeps of those that were tested, by role. */
export function mustsOf(
  { requirements }: Pick<Matrix, 'requirements'>,
  { kept }: Pick<MatrixRow, 'kept'>,
): { readonly role: string; readonly kept: number; readonly examined: number }[] {
  return (['client', 'server'] as const).flatMap((role) => {
    const own = kept[role];
    if (own === undefined) return [];
    const states = Object.entries(own).flatMap(([id, state]) => (isMust(requirements[id]?.level ?? '') ? [state] : []));
    const examined = states.filter((state) => state === 'kept' || state === 'broken' || state === 'flaky').length;
    return [{ role, kept: states.filter((state) => state === 'kept').length, examined }];
  });
}
