import { useMemo, useState } from 'preact/hooks';
import { plain } from '../../../protocols/common/plain.ts';
import type { MatrixRow } from '../../../runner/results/matrix.ts';
import { changesOf } from '../../../runner/results/matrix-changes.ts';
import { tallyOf } from '../../../runner/results/matrix-tally.ts';
import type { MatrixMatter } from '../../matrix-data.ts';
import { cellWords } from '../../model/matrix-words.ts';
import { count, number } from '../../model/text.ts';
import { NARROW, useMedia } from '../parts/media.ts';
import { matrixLink } from './address.ts';
import { Cell, Legend } from './cell.tsx';
import { Pairs } from './pairs.tsx';
import { RowCard } from './row-card.tsx';
import { Musts, NotSetUp, type RowMatter, RowName } from './row-parts.tsx';

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
  const narrow = useMedia(NARROW);
  const shown = groups.map(({ name, rows }): Group => {
    const isOpen = unfolded.has(name);
    const matterOf = (row: MatrixRow, i: number): RowMatter => ({
      matrix,
      row,
      areas,
      change: versions.get(row.id),
      regressions: worse.filter((each) => each.row === row.id).length,
      older: i === 0 ? rows.length - 1 : 0,
      isOpen,
      toggle: () => toggle(name),
      isOld: i > 0,
    });
    return { name, rows: (isOpen ? rows : rows.slice(0, 1)).map(matterOf) };
  });
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
      {narrow ? <List groups={shown} /> : <Table areas={areas} groups={shown} />}
      <Pairs matrix={matrix} />
    </main>
  );
}

/** The rows of an implementation that are shown: the newest alone, or all. */
interface Group {
  readonly name: string;
  readonly rows: readonly RowMatter[];
}

/** Rows and areas as a table; one that is wider than the window is scrolled by keys, too. */
function Table({ areas, groups }: { readonly areas: readonly string[]; readonly groups: readonly Group[] }) {
  return (
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
        {groups.map(({ name, rows }) => (
          <tbody key={name}>
            {rows.map((each) => (
              <Row key={each.row.id} {...each} />
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}

/** The same where a table has no room. */
function List({ groups }: { readonly groups: readonly Group[] }) {
  return (
    <ul class="matrix-list" aria-label="Matrix">
      {groups.flatMap(({ rows }) => rows.map((each) => <RowCard key={each.row.id} {...each} />))}
    </ul>
  );
}

function Row(matter: RowMatter) {
  const { matrix, row, areas, isOld } = matter;
  return (
    <tr class={isOld ? 'old' : ''}>
      <th scope="row" class="who">
        <RowName {...matter} />
      </th>
      {row.state === 'not-set-up' ? (
        <td class="apart" colSpan={areas.length + 1}>
          <NotSetUp row={row} />
        </td>
      ) : (
        <>
          <td class="musts">
            <Musts matrix={matrix} row={row} />
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
