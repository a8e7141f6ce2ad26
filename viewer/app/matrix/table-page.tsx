import { useMemo, useState } from 'preact/hooks';
import { plain } from '../../../protocols/common/plain.ts';
import type { Matrix, MatrixRow } from '../../../runner/results/matrix.ts';
import { changesOf, type VersionChange } from '../../../runner/results/matrix-changes.ts';
import { columnOf } from '../../../runner/results/matrix-column.ts';
import { tallyOf } from '../../../runner/results/matrix-tally.ts';
import type { MatrixMatter } from '../../matrix-data.ts';
import { cellWords, mustsOf } from '../../model/matrix-words.ts';
import { count, number } from '../../model/text.ts';
import { Plain } from '../parts/plain.tsx';
import { matrixLink } from './address.ts';
import { Cell, Legend } from './cell.tsx';
import { Pairs } from './pairs.tsx';

/** The start of the page: rows and areas. */
export function TablePage({ matter }: { readonly matter: MatrixMatter }) {
  const { matrix, changes } = matter;
  const areas = useMemo(() => [...new Set(matrix.caseRuns.map(({ area }) => area))], [matrix]);
  const groups = useMemo(() => groupsOf(matrix.rows), [matrix]);
  const versions = useMemo(() => new Map(changesOf(matrix).map((change) => [change.row.id, change])), [matrix]);
  const worse = changes.filter(({ kind }) => kind === 'worse');
  const broken = matrix.rows.filter((row) => row.state === 'ran' && tallyOf(matrix, row).fail === 0);
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  const toggle = (name: string): void => {
    const next = new Set(unfolded);
    if (!next.delete(name)) next.add(name);
    setUnfolded(next);
  };
  return (
    <main class="matrix">
      <section class="summary">
        <h1>Who passes what: {plain(matrix.title)}</h1>
        <p class="dim">
          {count(groups.length - 1, 'implementation')} in {count(matrix.rows.length - 1, 'version')} beside the reference pair, which is of{' '}
          Weir itself; {count(matrix.caseRuns.length, 'case-run')} of {count(Object.keys(matrix.requirements).length, 'requirement')}.{' '}
          {number(broken.length)} of {number(matrix.rows.filter(({ state }) => state === 'ran').length)} rows break no MUST.
          {matrix.selection.length === 0 ? null : ` Only cases of ${matrix.selection.join(', ')}.`}
        </p>
        {worse.length === 0 ? null : (
          <p class="notice">
            <b>{count(worse.length, 'regression')}</b> since earlier matrices:{' '}
            {[...new Set(worse.map(({ row }) => row))].map((row, at) => (
              <span key={row}>
                {at === 0 ? '' : ', '}
                <a href={matrixLink({ row })}>{row}</a>
              </span>
            ))}
          </p>
        )}
        <Legend />
      </section>
      {/* A table wider than the window is scrolled by keys, too. */}
      <div class="matrix-scroll" tabIndex={0} role="region" aria-label="Matrix">
        <table class="matrix-table">
          <thead>
            <tr>
              <th scope="col" class="who">
                implementation
              </th>
              <th scope="col" class="musts">
                MUSTs kept
              </th>
              {areas.map((area) => (
                <th key={area} scope="col" class="area">
                  <span>{area}</span>
                </th>
              ))}
            </tr>
          </thead>
          {groups.map(({ name, rows }) => {
            const open = unfolded.has(name);
            return (
              <tbody key={name}>
                {(open ? rows : rows.slice(0, 1)).map((row, i) => (
                  <Row
                    key={row.id}
                    matrix={matrix}
                    row={row}
                    areas={areas}
                    change={versions.get(row.id)}
                    regressions={worse.filter((each) => each.row === row.id).length}
                    older={i === 0 ? rows.length - 1 : 0}
                    isOpen={open}
                    toggle={() => toggle(name)}
                    isOld={i > 0}
                  />
                ))}
              </tbody>
            );
          })}
        </table>
      </div>
      <Pairs matrix={matrix} />
    </main>
  );
}

function Row({
  matrix,
  row,
  areas,
  change,
  regressions,
  older,
  isOpen,
  toggle,
  isOld,
}: {
  readonly matrix: Matrix;
  readonly row: MatrixRow;
  readonly areas: readonly string[];
  readonly change: VersionChange | undefined;
  readonly regressions: number;
  readonly older: number;
  readonly isOpen: boolean;
  readonly toggle: () => void;
  readonly isOld: boolean;
}) {
  return (
    <tr class={isOld ? 'old' : ''}>
      <th scope="row" class="who">
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
      </th>
      {row.state === 'not-set-up' ? (
        <td class="apart" colSpan={areas.length + 1}>
          not set up: <Plain>{(row.reason ?? '').split('\n')[0] ?? ''}</Plain>
        </td>
      ) : (
        <>
          <td class="musts">
            {mustsOf(matrix, row).map(({ role, kept, examined }) => (
              <span key={role} class="must">
                {row.roles.length > 1 ? <span class="dim">{role} </span> : null}
                {number(kept)}/{number(examined)}
              </span>
            ))}
            {row.state === 'not-finished' ? <span class="v-error"> not finished</span> : null}
          </td>
          {areas.map((area) => {
            const tally = tallyOf(matrix, row, area);
            return (
              <td key={area} class="area-cell">
                <a href={matrixLink({ row: row.id, area })} title={cellWords(tally)}>
                  <span class="sr">{`${area}: ${cellWords(tally)}`}</span>
                  <Cell tally={tally} />
                </a>
              </td>
            );
          })}
        </>
      )}
    </tr>
  );
}

/** Rows of one implementation, in the order in which they come. */
function groupsOf(rows: readonly MatrixRow[]): { readonly name: string; readonly rows: readonly MatrixRow[] }[] {
  const groups = new Map<string, MatrixRow[]>();
  for (const row of rows) groups.set(row.name, [...(groups.get(row.name) ?? []), row]);
  return [...groups].map(([name, those]) => ({ name, rows: those }));
}
