import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { plain } from '../../../protocols/common/plain.ts';
import { type Answer, ask } from '../../../runner/query/ask.ts';
import type { Query } from '../../../runner/query/grammar.ts';
import { tableOfMatrix } from '../../../runner/query/of-matrix.ts';
import { QueryError, readQuery } from '../../../runner/query/read.ts';
import type { VerdictTable } from '../../../runner/query/table.ts';
import type { MatrixMatter } from '../../matrix-data.ts';
import { number } from '../../model/text.ts';
import { SHAPES, shortId } from '../../model/verdict.ts';
import { filterBy, type MatrixAddress, matrixLink } from './address.ts';

/** Most case-runs that are shown before the rest is asked for. */
const SHOWN = 200;

/** Questions that people have, to begin with. */
const EXAMPLES: readonly (readonly [query: string, says: string])[] = [
  ['verdict:fail role:server', 'servers that break a MUST'],
  ['seq(verdict:pass verdict:fail)', 'passes in one version, fails in the next'],
  ['all(implementation:reference or verdict:fail)', 'nobody passes but the reference pair'],
  ['count:1(verdict:fail)', 'one alone fails'],
  ['is:different verdict:fail', 'who fails where others do not'],
  ['is:flaky', 'not always the same verdict'],
];

type Read = { readonly ok: true; readonly query: Query } | { readonly ok: false; readonly message: string; readonly at: number };

/** A question put to all case-runs of all rows, and what it finds. */
export function QueryPage({ matter: { matrix }, address: { q } }: { readonly matter: MatrixMatter; readonly address: MatrixAddress }) {
  const table = useMemo(() => tableOfMatrix(matrix), [matrix]);
  const read = useMemo(() => reading(q), [q]);
  const answers = useMemo(() => (read.ok && q.trim() !== '' ? ask(table, read.query) : []), [table, read]);
  const [all, setAll] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  // Whoever comes without a question is about to type one.
  useEffect(() => {
    if (q === '') field.current?.focus();
  }, []);
  return (
    <main class="start matrix ask">
      <section>
        <h1>Ask</h1>
        <div class="filter">
          <label class="field">
            <span class="sr">Query</span>
            <input
              ref={field}
              type="search"
              placeholder="verdict:fail area:rpc   ( / )"
              spellcheck={false}
              autocomplete="off"
              value={q}
              aria-invalid={!read.ok}
              aria-describedby="asked"
              onInput={(event) => filterBy(event.currentTarget.value)}
            />
          </label>
          <output id="asked" class={read.ok ? 'dim' : 'v-fail'}>
            {read.ok
              ? q.trim() === ''
                ? ''
                : `${number(answers.length)} of ${number(table.rows.length)} case-runs`
              : `${read.message}, at character ${number(read.at + 1)}`}
          </output>
        </div>
        {q.trim() !== '' ? null : <Examples />}
      </section>
      {answers.length === 0 ? null : <Answers table={table} answers={all ? answers : answers.slice(0, SHOWN)} />}
      {all || answers.length <= SHOWN ? null : (
        <button type="button" onClick={() => setAll(true)}>
          {number(answers.length - SHOWN)} more
        </button>
      )}
    </main>
  );
}

function reading(q: string): Read {
  try {
    return { ok: true, query: readQuery(q) };
  } catch (error) {
    if (error instanceof QueryError) return { ok: false, message: error.message, at: error.at };
    throw error;
  }
}

function Examples() {
  return (
    <>
      <ul class="examples">
        {EXAMPLES.map(([query, says]) => (
          <li key={query}>
            <a href={matrixLink({ view: 'ask', q: query })}>
              <code>{query}</code>
            </a>{' '}
            <span class="dim">{says}</span>
          </li>
        ))}
      </ul>
      <p class="dim">
        Words, or <code>verdict</code>, <code>implementation</code>, <code>version</code>, <code>area</code>, <code>role</code>,{' '}
        <code>binding</code>, <code>requirement</code>, <code>broken</code>, <code>cause</code>, <code>is</code>; <code>!</code> for not,{' '}
        <code>or</code>, parentheses. <code>weir query</code> asks the same on the command line.
      </p>
    </>
  );
}

function Answers({ table, answers }: { readonly table: VerdictTable; readonly answers: readonly Answer[] }) {
  return (
    <ul class="case-list answers">
      {answers.map(({ row, columns }) => (
        <li key={row.id}>
          <b>{shortId(row.id)}</b>{' '}
          {columns.map((index) => {
            const [cell, column] = [row.cells[index], table.columns[index]];
            return cell === undefined || column === undefined ? null : (
              <a key={column.id} class="voice" href={matrixLink({ row: column.id, area: row.area })}>
                <span class={`mark v-${cell.verdict}`} role="img" aria-label={cell.verdict}>
                  {SHAPES[cell.verdict]}
                </span>{' '}
                {plain(column.id)}
                {cell.flaky ? <span class="v-warn"> ≈</span> : null}
              </a>
            );
          })}
        </li>
      ))}
    </ul>
  );
}
