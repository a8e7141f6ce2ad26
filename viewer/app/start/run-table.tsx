import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Entry, Sort, TableRow } from '../../model/rows-of-runs.ts';
import { count, duration, number } from '../../model/text.ts';
import { SHAPES, shortId, VERDICTS } from '../../model/verdict.ts';
import type { Page } from '../../page.ts';
import { go } from '../address.ts';
import { runLink } from '../links.ts';
import { NARROW, useMedia } from '../parts/media.ts';
import { Plain } from '../parts/plain.tsx';
import { VerdictMark } from '../parts/verdict.tsx';
import { reveal, useStretch } from '../parts/window.ts';

/** Heights of a row, px; on narrow screens a row has two lines. */
const ROW = 28;
const NARROW_ROW = 48;

/** What covers the top of the table while it scrolls: the filter and the head of the table, px. */
const STICKY = 84;

const SORT_WORDS: Readonly<Record<Sort, string>> = { area: 'by area', slowest: 'slowest first', verdict: 'worst first' };

/** All case-runs. Only the rows in sight are made. */
export function RunTable({
  page,
  rows,
  total,
  sort,
  scroller,
  current,
  onCurrent,
  folded,
  fold,
}: {
  readonly page: Page;
  readonly rows: readonly TableRow[];
  readonly total: number;
  readonly sort: Sort;
  readonly scroller: RefObject<HTMLElement | null>;
  readonly current: number;
  readonly onCurrent: (index: number) => void;
  readonly folded: ReadonlySet<string>;
  readonly fold: (area: string) => void;
}) {
  const list = useRef<HTMLDivElement>(null);
  const height = useMedia(NARROW) ? NARROW_ROW : ROW;
  const { from, to } = useStretch(scroller, list, rows.length, height);
  useEffect(() => reveal(scroller.current, list.current, current, height, STICKY), [current]);
  const several = page.sets.length > 1;
  return (
    <section class={`runs${several ? ' several' : ''}`} aria-label="Case-runs">
      <div class="runs-head">
        <h2>
          Case-runs <span class="dim">{number(total)}</span>
        </h2>
        <div class="sorts" role="group" aria-label="Order">
          {(Object.keys(SORT_WORDS) as Sort[]).map((each) => (
            <button type="button" key={each} class="quiet" aria-pressed={each === sort} onClick={() => go({ sort: each }, true)}>
              {SORT_WORDS[each]}
            </button>
          ))}
        </div>
      </div>
      {rows.length === 0 ? (
        <p class="empty-list">Nothing fits the filter. Esc clears it.</p>
      ) : (
        <div
          class="rows"
          role="table"
          aria-label="Case-runs"
          aria-rowcount={rows.length}
          ref={list}
          style={{ height: `${rows.length * height}px` }}
        >
          <div role="rowgroup" class="made" style={{ transform: `translateY(${from * height}px)` }}>
            {rows
              .slice(from, to)
              .map((row, i) =>
                row.kind === 'area' ? (
                  <AreaRow
                    key={`area ${row.area}`}
                    area={row.area}
                    entries={row.entries}
                    index={from + i}
                    folded={folded.has(row.area)}
                    fold={fold}
                  />
                ) : (
                  <RunRow
                    key={`${page.sets.indexOf(row.entry.set)} ${row.entry.run.id}`}
                    page={page}
                    entry={row.entry}
                    index={from + i}
                    current={from + i === current}
                    onCurrent={onCurrent}
                    several={several}
                  />
                ),
              )}
          </div>
        </div>
      )}
    </section>
  );
}

function AreaRow({
  area,
  entries,
  index,
  folded,
  fold,
}: {
  readonly area: string;
  readonly entries: readonly Entry[];
  readonly index: number;
  readonly folded: boolean;
  readonly fold: (area: string) => void;
}) {
  return (
    <div class="row area" role="row" aria-rowindex={index + 1}>
      <span role="cell">
        <button type="button" class="quiet" aria-expanded={!folded} onClick={() => fold(area)}>
          <span class="caret" aria-hidden="true">
            {folded ? '▸' : '▾'}
          </span>{' '}
          {area || 'no area'}
        </button>
        <span class="counts">
          {VERDICTS.map((verdict) => {
            const of = entries.filter(({ run }) => run.verdict === verdict);
            const known = of.filter(({ run }) => run.expected === 'known-failure').length;
            return (
              <>
                {of.length - known === 0 ? null : (
                  <span key={verdict} class={`v-${verdict}`} title={`${count(of.length - known, 'case-run')}: ${verdict}`}>
                    {SHAPES[verdict]} {of.length - known}
                  </span>
                )}
                {known === 0 ? null : (
                  <span key={`${verdict} known`} class={`v-${verdict} hollow`} title={`${count(known, 'known failure')}`}>
                    {SHAPES[verdict]} {known} known
                  </span>
                )}
              </>
            );
          })}
        </span>
      </span>
    </div>
  );
}

function RunRow({
  page,
  entry,
  index,
  current,
  onCurrent,
  several,
}: {
  readonly page: Page;
  readonly entry: Entry;
  readonly index: number;
  readonly current: boolean;
  readonly onCurrent: (index: number) => void;
  readonly several: boolean;
}) {
  const { run, set } = entry;
  const says = run.skipReason ?? run.findings[0]?.message;
  return (
    <div class={`row run${current ? ' current' : ''}`} role="row" aria-rowindex={index + 1} onPointerDown={() => onCurrent(index)}>
      <span role="cell" class="c-mark">
        <VerdictMark run={run} />
      </span>
      <span role="cell" class="c-id">
        <a href={runLink(page, entry)} title={run.title}>
          {shortId(run.case)}
        </a>
      </span>
      <span role="cell" class="c-says">
        <Plain>{says ?? run.title}</Plain>
      </span>
      {several ? (
        <span role="cell" class="c-set">
          <Plain>{set.label}</Plain>
        </span>
      ) : null}
      <span role="cell" class="c-role">
        {run.role}
      </span>
      <span role="cell" class="c-binding">
        {run.id.includes('#') ? `${run.binding} ${run.id.slice(run.id.indexOf('#'))}` : run.binding}
      </span>
      <span role="cell" class="c-time">
        {run.verdict === 'skip' ? '' : duration(run.durationMs)}
      </span>
    </div>
  );
}
