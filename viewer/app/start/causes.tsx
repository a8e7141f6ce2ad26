import { useState } from 'preact/hooks';
import { type Gravity, gravityOf } from '../../../reporters/console/causes.ts';
import { named } from '../../../runner/results/named.ts';
import { toggled } from '../../model/filter.ts';
import type { EntryCause } from '../../model/headline.ts';
import { count } from '../../model/text.ts';
import { SHAPES, type Standing, shortId } from '../../model/verdict.ts';
import type { Page } from '../../page.ts';
import { linkTo } from '../address.ts';
import { ruleLink, runLink } from '../links.ts';
import { Plain } from '../parts/plain.tsx';

/** Cards of each gravity that are shown before somebody asks for all. */
const AT_FIRST: Readonly<Record<Gravity, number>> = { failure: 12, warning: 6, question: 6 };

const HEADS: Readonly<Record<Gravity, string>> = { failure: 'New failures', warning: 'Warnings', question: 'Questions' };

/** The causes of what is new, the gravest first: each gravity has its own head. */
export function Causes({ page, causes, q }: { readonly page: Page; readonly causes: readonly EntryCause[]; readonly q: string }) {
  const gravities = [...new Set(causes.map(({ first }) => gravityOf(first)))];
  return (
    <>
      {gravities.map((gravity) => (
        <Cards key={gravity} page={page} gravity={gravity} causes={causes.filter(({ first }) => gravityOf(first) === gravity)} q={q} />
      ))}
    </>
  );
}

function Cards({
  page,
  gravity,
  causes,
  q,
}: {
  readonly page: Page;
  readonly gravity: Gravity;
  readonly causes: readonly EntryCause[];
  readonly q: string;
}) {
  const [all, setAll] = useState(false);
  const shown = all ? causes : causes.slice(0, AT_FIRST[gravity]);
  const runs = causes.reduce((sum, { runs: each }) => sum + each.length, 0);
  return (
    <section class={`causes g-${gravity}`} aria-label={HEADS[gravity]}>
      <h2>
        {HEADS[gravity]}{' '}
        <span class="dim">
          {count(runs, 'case-run')}, {count(causes.length, 'cause')}
        </span>
      </h2>
      <ul>
        {shown.map((cause) => (
          <Card key={cause.fingerprint} page={page} cause={cause} q={q} />
        ))}
      </ul>
      {shown.length < causes.length ? (
        <button type="button" class="quiet" onClick={() => setAll(true)}>
          show {count(causes.length - shown.length, 'more cause')}
        </button>
      ) : null}
    </section>
  );
}

/** Failures that are known, folded away, each with its reason. */
export function KnownCauses({ page, causes, q }: { readonly page: Page; readonly causes: readonly EntryCause[]; readonly q: string }) {
  const [open, setOpen] = useState(false);
  const runs = causes.reduce((sum, { runs: each }) => sum + each.length, 0);
  return (
    <section class="causes known" aria-label="Known failures">
      <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <h2>
            Known failures{' '}
            <span class="dim">
              {count(runs, 'case-run')}, {count(causes.length, 'cause')}
            </span>
          </h2>
        </summary>
        {open ? (
          <ul>
            {causes.map((cause) => (
              <Card key={cause.fingerprint} page={page} cause={cause} q={q} />
            ))}
          </ul>
        ) : null}
      </details>
    </section>
  );
}

/** One cause: the rule, what was found, and the way to the first wrong frame. */
function Card({ page, cause, q }: { readonly page: Page; readonly cause: EntryCause; readonly q: string }) {
  const { first, finding, runs, fingerprint } = cause;
  const { entry } = first;
  const { run, set } = entry;
  const requirement = finding?.requirement;
  const rule = named(set.words.requirements, requirement);
  const verdict: Standing = run.expected === 'stale-known-failure' ? 'fail' : run.verdict;
  const hollow = run.expected === 'known-failure';
  return (
    <li class="cause">
      <p class="cause-head">
        <span class={`mark v-${verdict}${hollow ? ' hollow' : ''}`} aria-hidden="true">
          {SHAPES[verdict]}
        </span>
        {requirement === undefined ? (
          <span class="dim">{finding?.judge ?? run.expected}</span>
        ) : (
          <a href={ruleLink(requirement)}>{requirement}</a>
        )}
        {finding === undefined || rule === undefined ? null : <span class="level">{finding.level}</span>}
        {page.sets.length > 1 ? <Plain class="dim">{set.label}</Plain> : null}
      </p>
      {rule === undefined ? null : (
        <p class="rule clamp" title={rule.text}>
          {rule.text}
        </p>
      )}
      <p class="finding clamp">
        {run.expected === 'stale-known-failure' ? (
          <Plain>{`It passes, but known-failures lists it: ${run.knownReason ?? ''}. Remove the entry.`}</Plain>
        ) : (
          <Plain>{finding?.message ?? run.title}</Plain>
        )}
      </p>
      {hollow && run.knownReason !== undefined ? (
        <p class="dim clamp" title={run.knownReason}>
          known: <Plain>{run.knownReason}</Plain>
        </p>
      ) : null}
      <p class="cause-foot">
        <a href={runLink(page, entry, finding?.events[0])}>{shortId(run.id)}</a>
        {runs.length > 1 ? (
          <a class="dim" href={linkTo({ q: toggled(q, 'cause', fingerprint) })}>
            and {runs.length - 1} more
          </a>
        ) : null}
      </p>
    </li>
  );
}
