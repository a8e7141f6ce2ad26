import type { RefObject } from 'preact';
import { useMemo } from 'preact/hooks';
import { plain } from '../../../protocols/common/plain.ts';
import { type Facet, type Term, valuesOf, withOnly } from '../../model/filter.ts';
import type { Entry } from '../../model/rows-of-runs.ts';
import { number } from '../../model/text.ts';
import { go } from '../address.ts';

const CHOICES: readonly (readonly [facet: Facet, any: string])[] = [
  ['implementation', 'every implementation'],
  ['area', 'every area'],
  ['requirement', 'every requirement'],
  ['verdict', 'every verdict'],
  ['role', 'both roles'],
  ['binding', 'every binding'],
];

/** The filter: a field that is typed into, and a choice for each thing that is often asked for. */
export function FilterBar({
  entries,
  shown,
  q,
  terms,
  field,
}: {
  readonly entries: readonly Entry[];
  readonly shown: number;
  readonly q: string;
  readonly terms: readonly Term[];
  readonly field: RefObject<HTMLInputElement | null>;
}) {
  const choices = useMemo(() => CHOICES.map(([facet, any]) => ({ facet, any, values: counted(entries, facet) })), [entries]);
  return (
    <search class="filter">
      <label class="field">
        <span class="sr">Filter</span>
        <input
          ref={field}
          type="search"
          value={q}
          placeholder="filter: words, verdict:fail, binding:json, !area:toxic   ( / )"
          spellcheck={false}
          autocomplete="off"
          onInput={(event) => go({ q: event.currentTarget.value }, true)}
        />
      </label>
      {choices
        .filter(({ values }) => values.length > 1)
        .map(({ facet, any, values }) => {
          const chosen = terms.find((term) => term.kind === 'facet' && term.facet === facet && !term.not);
          const value = chosen?.kind === 'facet' ? chosen.value : '';
          return (
            <select
              key={facet}
              aria-label={facet}
              class={value === '' ? '' : 'on'}
              value={value}
              onChange={(event) => go({ q: withOnly(q, facet, event.currentTarget.value || undefined) }, true)}
            >
              <option value="">{any}</option>
              {values.map(([each, count]) => (
                <option key={each} value={each}>
                  {plain(each)} ({number(count)})
                </option>
              ))}
            </select>
          );
        })}
      <output class="dim">{q === '' ? '' : `${number(shown)} of ${number(entries.length)}`}</output>
      {q === '' ? null : (
        <button type="button" class="quiet" onClick={() => go({ q: '' }, true)}>
          clear
        </button>
      )}
    </search>
  );
}

function counted(entries: readonly Entry[], facet: Facet): [string, number][] {
  const counts = new Map<string, number>();
  for (const entry of entries) for (const value of valuesOf(entry, facet)) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
}
