import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { filtered, readFilter } from '../../model/filter.ts';
import { causesOfEntries, headline, kept } from '../../model/headline.ts';
import { type Entry, SORTS, type Sort, tableRows } from '../../model/rows-of-runs.ts';
import { bytes, count, duration, number } from '../../model/text.ts';
import type { Page } from '../../page.ts';
import { type Address, go } from '../address.ts';
import { useKeys } from '../keys.ts';
import { runAddress } from '../links.ts';
import { Plain } from '../parts/plain.tsx';
import { Causes, KnownCauses } from './causes.tsx';
import { copyCommand } from './copy-command.ts';
import { FilterBar } from './filter-bar.tsx';
import { RunTable } from './run-table.tsx';
import { Totals } from './totals.tsx';

/** The first page: what is new, why, and all case-runs. */
export function StartPage({
  page,
  address,
  entries,
  last,
}: {
  readonly page: Page;
  readonly address: Address;
  readonly entries: readonly Entry[];
  readonly last: string | undefined;
}) {
  const scroller = useRef<HTMLElement>(null);
  const filterField = useRef<HTMLInputElement>(null);
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const [said, setSaid] = useState('');
  const terms = useMemo(() => readFilter(address.q), [address.q]);
  const shown = useMemo(() => filtered(entries, terms), [entries, terms]);
  const sort: Sort = SORTS.find((each) => each === address.sort) ?? 'area';
  const rows = useMemo(() => tableRows(shown, sort, folded), [shown, sort, folded]);
  const news = useMemo(() => causesOfEntries(shown.filter((entry) => entry.news)), [shown]);
  const known = useMemo(() => causesOfEntries(shown.filter(({ run }) => run.expected === 'known-failure')), [shown]);
  const [current, setCurrent] = useState(-1);
  useEffect(
    () => setCurrent(last === undefined ? -1 : rows.findIndex((row) => row.kind === 'run' && row.entry.run.id === last)),
    [last, rows],
  );
  const move = (by: 1 | -1, wanted: (entry: Entry) => boolean): void => {
    for (let i = current + by; i >= 0 && i < rows.length; i += by) {
      const row = rows[i];
      if (row?.kind !== 'run' || !wanted(row.entry)) continue;
      setCurrent(i);
      return;
    }
  };
  const currentRow = rows[current];
  const currentEntry = currentRow?.kind === 'run' ? currentRow.entry : undefined;
  useKeys([
    { keys: ['j', 'ArrowDown'], says: 'next', act: () => move(1, () => true) },
    { keys: ['k', 'ArrowUp'], says: 'previous', act: () => move(-1, () => true) },
    { keys: ['n'], says: 'next finding', act: () => move(1, ({ run }) => run.found > 0) },
    { keys: ['p'], says: 'previous finding', act: () => move(-1, ({ run }) => run.found > 0) },
    { keys: ['/'], says: 'filter', act: () => filterField.current?.focus() },
    { keys: ['Enter'], says: 'open', act: () => currentEntry !== undefined && go(runAddress(page, currentEntry)) },
    {
      keys: ['Escape'],
      says: 'back',
      act: () => {
        if (document.activeElement === filterField.current) filterField.current?.blur();
        else if (address.q !== '') go({ q: '' });
      },
    },
    { keys: ['y'], says: 'copy', act: () => currentEntry !== undefined && void copyCommand(currentEntry).then(setSaid) },
  ]);
  return (
    <main class="start" ref={scroller}>
      <section class="summary" aria-label="Summary">
        <h1>{headline(news, shown, page.sets)}</h1>
        {page.sets.map((set) => (
          <p class="dim" key={set.label}>
            {page.sets.length > 1 ? (
              <b>
                <Plain>{set.label}</Plain>:{' '}
              </b>
            ) : null}
            {kept(set)} · {set.results.world} world · {duration(set.results.durationMs)} ·{' '}
            {new Date(set.results.startedAt).toLocaleString('en-GB')} · Weir {set.results.weir}
            {set.results.score === undefined
              ? null
              : ` · score ${set.results.score.set}: ${number(set.results.score.cases.passed)} of ${count(set.results.score.cases.total, 'case')}, ${number(set.results.score.requirements.kept)} of ${count(set.results.score.requirements.total, 'requirement')}`}
          </p>
        ))}
        {page.sets
          .flatMap((set) => set.results.warnings ?? [])
          .map((warning) => (
            <p class="notice" key={warning}>
              ▲ <Plain>{warning}</Plain>
            </p>
          ))}
        <Totals entries={entries} q={address.q} terms={terms} />
      </section>
      <FilterBar entries={entries} shown={shown.length} q={address.q} terms={terms} field={filterField} />
      {news.length === 0 ? null : <Causes page={page} causes={news} q={address.q} />}
      {known.length === 0 ? null : <KnownCauses page={page} causes={known} q={address.q} />}
      <RunTable
        page={page}
        rows={rows}
        total={shown.length}
        sort={sort}
        scroller={scroller}
        current={current}
        onCurrent={setCurrent}
        fold={(area) => setFolded((now) => (now.has(area) ? new Set([...now].filter((each) => each !== area)) : new Set([...now, area])))}
        folded={folded}
      />
      {page.leftOut === undefined ? null : (
        <p class="dim foot">
          {count(page.leftOut.count, 'trace')} ({bytes(page.leftOut.bytes)}) left out, since traces may take {bytes(page.leftOut.bound)} of
          a report; they lie beside it, and <code>weir view</code> opens them.
        </p>
      )}
      <div class="toast" role="status">
        {said}
      </div>
    </main>
  );
}
