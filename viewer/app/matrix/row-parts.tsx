import type { Matrix, MatrixRow } from '../../../runner/results/matrix.ts';
import type { VersionChange } from '../../../runner/results/matrix-changes.ts';
import { columnOf } from '../../../runner/results/matrix-column.ts';
import { mustsOf } from '../../model/matrix-words.ts';
import { count, number } from '../../model/text.ts';
import { Plain } from '../parts/plain.tsx';
import { matrixLink } from './address.ts';

/** A row as the table and the list of a narrow screen show it. */
export interface RowMatter {
  readonly matrix: Matrix;
  readonly row: MatrixRow;
  readonly areas: readonly string[];
  readonly change: VersionChange | undefined;
  /** Case-runs that passed in an earlier matrix. */
  readonly regressions: number;
  /** How many older versions are folded under it. */
  readonly older: number;
  readonly isOpen: boolean;
  readonly toggle: () => void;
  /** Whether it is one of those. */
  readonly isOld: boolean;
}

/** Who it is, what has changed, and the way to older versions. */
export function RowName({ row, change, regressions, older, isOpen, toggle, isOld }: RowMatter) {
  return (
    <>
      <a href={matrixLink({ row: row.id })}>
        {isOld ? null : <Plain>{row.title}</Plain>} <Plain class="version">{columnOf(row)}</Plain>
      </a>
      {regressions === 0 ? null : <span class="regressed"> {count(regressions, 'regression')}</span>}
      {change === undefined ? null : (
        <span
          class="changed"
          title={`against ${columnOf(change.before)}: ${change.fixed.length} case-runs better, ${change.broken.length} worse`}
        >
          {change.fixed.length === 0 ? null : <span class="v-pass">+{number(change.fixed.length)}</span>}{' '}
          {change.broken.length === 0 ? null : <span class="v-fail">−{number(change.broken.length)}</span>}
        </span>
      )}
      {older === 0 ? null : (
        <button type="button" class="quiet fold" aria-expanded={isOpen} onClick={toggle}>
          {isOpen ? 'fold' : `${count(older, 'older version')}`}
        </button>
      )}
    </>
  );
}

/** Why a row could not be run, in one line. */
export function NotSetUp({ row: { reason = '' } }: Pick<RowMatter, 'row'>) {
  return (
    <>
      not set up: <Plain>{reason.split('\n')[0] ?? ''}</Plain>
    </>
  );
}

/** How many MUSTs a row keeps of those that were tested, by role. */
export function Musts({ matrix, row }: Pick<RowMatter, 'matrix' | 'row'>) {
  return (
    <>
      {mustsOf(matrix, row).map(({ role, kept, examined }) => (
        <span key={role} class="must">
          {row.roles.length > 1 ? <span class="dim">{role} </span> : null}
          {number(kept)}/{number(examined)}
        </span>
      ))}
      {row.state === 'not-finished' ? <span class="v-error"> not finished</span> : null}
    </>
  );
}
