import { useMemo, useRef, useState } from 'preact/hooks';
import { plain } from '../../../protocols/common/plain.ts';
import { CHANGES, type Change, type ChangeKind, type ResultsReport } from '../../../runner/compare/grammar.ts';
import type { ChangeGroup } from '../../../runner/compare/words.ts';
import { CHANGE_MARKS, CHANGE_WORDS, sectionsOf, verdictOfChanges } from '../../model/changes.ts';
import type { Entry } from '../../model/rows-of-runs.ts';
import { count, number } from '../../model/text.ts';
import type { Page } from '../../page.ts';
import { type Address, go } from '../address.ts';
import { useKeys } from '../keys.ts';
import { ruleLink, runLink } from '../links.ts';
import { Plain } from '../parts/plain.tsx';

/** Case-runs of a group that are named before somebody asks for all. */
const AT_FIRST = 6;

/** As causes of the report are coloured. */
const GRAVITIES: Readonly<Record<ChangeKind, string>> = {
  news: 'failure',
  'other-cause': 'failure',
  flakier: 'warning',
  steadier: 'none',
  mended: 'none',
  'only-in-a': 'none',
  'only-in-b': 'none',
};

/** Two sets of results beside each other: what changed, the gravest first, with links to either side. */
export function ChangesPage({
  page,
  report,
  address,
  entries,
}: {
  readonly page: Page;
  readonly report: ResultsReport;
  readonly address: Address;
  readonly entries: readonly Entry[];
}) {
  const field = useRef<HTMLInputElement>(null);
  const sections = useMemo(() => sectionsOf(report, address.q), [report, address.q]);
  const found = useMemo(() => entriesBySide(page, entries), [page, entries]);
  useKeys([{ keys: ['/'], says: 'filter', act: () => field.current?.focus() }]);
  return (
    <main class="changes" tabIndex={-1}>
      <h1>{verdictOfChanges(report)}</h1>
      <dl class="sides">
        {(['a', 'b'] as const).map((side) => (
          <div key={side}>
            <dt>{side}</dt>
            <dd>
              <b>
                <Plain>{report[side].implementation}</Plain>
              </b>{' '}
              <span class="dim">
                {count(report[side].runs, 'case-run')} · {report[side].world} world ·{' '}
                {report[side].startedAt.slice(0, 16).replace('T', ' ')} · <span class="mono">{plain(report[side].file)}</span>
              </span>
            </dd>
          </div>
        ))}
      </dl>
      <ul class="totals" aria-label="Changes by kind">
        {CHANGES.filter((kind) => (report.counts[kind] ?? 0) > 0).map((kind) => {
          const term = `change:${kind}`;
          const on = address.q.split(/\s+/).includes(term);
          const [shape, verdict] = CHANGE_MARKS[kind];
          return (
            <li key={kind}>
              <button
                type="button"
                aria-pressed={on}
                onClick={() => go({ q: on ? address.q.replace(term, '').trim() : `${address.q} ${term}`.trim() }, true)}
              >
                <span class={`mark v-${verdict}`} aria-hidden="true">
                  {shape}
                </span>{' '}
                <b>{number(report.counts[kind] ?? 0)}</b> {CHANGE_WORDS[kind]}
              </button>
            </li>
          );
        })}
        <li class="dim same">{number(report.same)} the same</li>
      </ul>
      <input
        ref={field}
        type="search"
        class="changes-filter"
        aria-label="Filter changes"
        placeholder="filter ( / )"
        value={address.q}
        onInput={(event) => go({ q: event.currentTarget.value }, true)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          go({ q: '' }, true);
          event.currentTarget.blur();
        }}
      />
      {sections.length > 0 ? null : (
        <p class="empty-list">
          {report.changes.length === 0
            ? 'Nothing changed: every case-run has the same verdict by the same causes on both sides.'
            : 'No change fits the filter.'}
        </p>
      )}
      {sections.map(({ kind, says, groups }) => (
        <section key={kind} class={`causes g-${GRAVITIES[kind]}`} aria-label={says}>
          <h2>{says}</h2>
          <ul>
            {groups.map((group) => (
              <Group key={group.says} page={page} group={group} verdict={CHANGE_MARKS[kind]} found={found} />
            ))}
          </ul>
        </section>
      ))}
    </main>
  );
}

function Group({
  page,
  group: { says, changes },
  verdict: [shape, verdict],
  found,
}: {
  readonly page: Page;
  readonly group: ChangeGroup;
  readonly verdict: readonly [string, string];
  readonly found: (side: 0 | 1, id: string) => Entry | undefined;
}) {
  const [all, setAll] = useState(false);
  const shown = all ? changes : changes.slice(0, AT_FIRST);
  const [first] = changes;
  const telling = first?.b?.message === undefined ? first?.a : first.b;
  return (
    <li class={`cause g-${verdict}`}>
      <p class="cause-head">
        <span class={`mark v-${verdict}`} aria-hidden="true">
          {shape}
        </span>{' '}
        <b>{count(changes.length, 'case-run')}</b>
        {telling?.requirement === undefined ? null : <a href={ruleLink(telling.requirement)}>{telling.requirement}</a>}
      </p>
      <p class="mono from-to">
        <Plain>{says}</Plain>
      </p>
      {telling?.message === undefined ? null : (
        <p class="finding">
          <Plain>{telling.message}</Plain>
        </p>
      )}
      <ul class="changed">
        {shown.map((change) => (
          <ChangedRun key={change.id} page={page} change={change} found={found} />
        ))}
      </ul>
      {shown.length === changes.length ? null : (
        <button type="button" class="quiet" onClick={() => setAll(true)}>
          show {count(changes.length - shown.length, 'more case-run')}
        </button>
      )}
    </li>
  );
}

function ChangedRun({
  page,
  change: { id, title },
  found,
}: {
  readonly page: Page;
  readonly change: Change;
  readonly found: (side: 0 | 1, id: string) => Entry | undefined;
}) {
  const [a, b] = [found(0, id), found(1, id)];
  return (
    <li>
      <span class="mono">{plain(id)}</span>{' '}
      <span class="dim">
        <Plain>{title}</Plain>
      </span>{' '}
      <span class="sides-of">
        {(
          [
            ['a', a],
            ['b', b],
          ] as const
        ).map(([side, entry]) =>
          entry === undefined ? null : (
            <a key={side} href={runLink(page, entry)} aria-label={`${id} in ${side}`}>
              in {side}
            </a>
          ),
        )}
      </span>
    </li>
  );
}

/** Finds the case-run of a change on a side; the first of its repeats. */
function entriesBySide(page: Page, entries: readonly Entry[]): (side: 0 | 1, id: string) => Entry | undefined {
  const sides = [new Map<string, Entry>(), new Map<string, Entry>()];
  for (const entry of entries) {
    const of = sides[page.sets.indexOf(entry.set)];
    const id = entry.run.id.replace(/#\d+$/, '');
    if (of !== undefined && !of.has(id)) of.set(id, entry);
  }
  return (side, id) => sides[side]?.get(id);
}
