import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { named } from '../../../runner/results/named.ts';
import { gravestOf, type RuleWeight, WEIGHT_SHAPES } from '../../model/broken-rules.ts';
import { withOnly, writeFilter } from '../../model/filter.ts';
import type { Entry } from '../../model/rows-of-runs.ts';
import { count, number } from '../../model/text.ts';
import { SHAPES, type Standing, shortId } from '../../model/verdict.ts';
import type { Page, PageSet } from '../../page.ts';
import { type Address, linkTo } from '../address.ts';
import { runLink } from '../links.ts';
import { VerdictMark } from '../parts/verdict.tsx';

/** What became of a rule; of broken ones told apart by what that weighs. */
const STANDINGS = ['MUST broken', 'SHOULD or IMPL broken', 'disputed and broken', 'kept', 'not examined'] as const;
type RuleStanding = (typeof STANDINGS)[number];

const BROKEN: Readonly<Record<RuleWeight, RuleStanding>> = {
  must: 'MUST broken',
  advice: 'SHOULD or IMPL broken',
  question: 'disputed and broken',
};

const STANDING_SHAPES: Readonly<Record<RuleStanding, Standing>> = {
  'MUST broken': WEIGHT_SHAPES.must,
  'SHOULD or IMPL broken': WEIGHT_SHAPES.advice,
  'disputed and broken': WEIGHT_SHAPES.question,
  kept: 'pass',
  'not examined': 'skip',
};

/** Which rules are listed. */
const CHOICES = [...STANDINGS, 'all'] as const;
type Choice = (typeof CHOICES)[number];

/** All rules in the order of their catalogue, with what became of each. */
export function RulesPage({
  page,
  address,
  entries,
}: {
  readonly page: Page;
  readonly address: Address;
  readonly entries: readonly Entry[];
}) {
  const asked = address.rule;
  const home = asked === undefined ? undefined : whereToLook(page.sets, asked);
  return (
    <main class="start rules-page">
      {page.sets.map((set) => (
        <Rules
          key={set.label}
          page={page}
          set={set}
          asked={asked}
          isHome={set === home}
          entries={entries.filter((entry) => entry.set === set)}
        />
      ))}
    </main>
  );
}

function Rules({
  page,
  set,
  asked,
  isHome,
  entries,
}: {
  readonly page: Page;
  readonly set: PageSet;
  /** The rule that somebody asked for. */
  readonly asked: string | undefined;
  /** Whether it is brought into sight here: several sets have it. */
  readonly isHome: boolean;
  readonly entries: readonly Entry[];
}) {
  const all = useMemo(
    () => Object.entries(set.words.requirements).map(([id, rule]) => ({ id, rule, standing: standingOf(set, id, entries) })),
    [set, entries],
  );
  const [choice, setChoice] = useState<Choice>(
    STANDINGS.slice(0, 3).find((each) => all.some(({ standing }) => standing === each)) ?? 'all',
  );
  const target = useRef<HTMLLIElement>(null);
  useEffect(() => target.current?.scrollIntoView({ block: 'center' }), [asked, isHome]);
  const shown = all.filter(({ id, standing }) => choice === 'all' || standing === choice || id === asked);
  return (
    <section aria-label={`Requirements of ${set.label}`}>
      <h1>
        {set.words.title}: {count(all.length, 'requirement')} {page.sets.length > 1 ? <span class="dim">{set.label}</span> : null}
      </h1>
      <ul class="totals">
        {CHOICES.map((each) => (
          <li key={each}>
            <button type="button" aria-pressed={each === choice} onClick={() => setChoice(each)}>
              <b>{number(each === 'all' ? all.length : all.filter(({ standing }) => standing === each).length)}</b> {each}
            </button>
          </li>
        ))}
      </ul>
      {shown.length === 0 ? <p class="empty-list">{choice === 'MUST broken' ? 'No MUST was broken.' : 'There is none.'}</p> : null}
      <ul class="rules">
        {shown.map(({ id, rule, standing }) => {
          const tally = named(set.tallies, id);
          const ofIt = { kind: 'facet', facet: 'requirement', value: id, not: false } as const;
          const itsRuns = withOnly(writeFilter([ofIt]), 'implementation', page.sets.length > 1 ? set.label : undefined);
          const breaking = entries.filter(({ run }) => run.broken.includes(id));
          return (
            <li key={id} {...(id === asked && isHome ? { ref: target } : {})} class={`rule-item${id === asked ? ' current' : ''}`}>
              <p class="cause-head">
                <span class={`mark v-${STANDING_SHAPES[standing]}`} role="img" aria-label={standing}>
                  {SHAPES[STANDING_SHAPES[standing]]}
                </span>
                <a href={linkTo({ view: 'rules', rule: id })}>{id}</a> <span class="level">{rule.level}</span>
                <span class="dim">
                  {rule.role === 'both' ? 'client and server' : rule.role} · {rule.source}
                </span>
              </p>
              <p class="rule">{rule.text}</p>
              {rule.disputed === undefined ? null : (
                <p class="dim">
                  disputed. The specification: {rule.disputed.spec}. The official implementation: {rule.disputed.official}.
                </p>
              )}
              <p class="dim">
                {tally === undefined
                  ? 'not examined in these case-runs'
                  : `examined in ${count(tally.examined, 'case-run')}, broken in ${number(tally.broken)}`}
                {tally === undefined ? null : (
                  <>
                    {' · '}
                    <a href={linkTo({ view: 'runs', rule: undefined, q: itsRuns })}>its case-runs</a>
                  </>
                )}
              </p>
              {breaking.length === 0 ? null : (
                <ul class="breaking">
                  {breaking.slice(0, 8).map((entry) => (
                    <li key={entry.run.id}>
                      <VerdictMark run={entry.run} /> <a href={runLink(page, entry)}>{shortId(entry.run.id)}</a>
                    </li>
                  ))}
                  {breaking.length > 8 ? (
                    <li>
                      <a href={linkTo({ view: 'runs', rule: undefined, q: `${itsRuns} !verdict:pass !verdict:skip` })}>
                        and {breaking.length - 8} more
                      </a>
                    </li>
                  ) : null}
                </ul>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function standingOf(set: PageSet, id: string, entries: readonly Entry[]): RuleStanding {
  const tally = named(set.tallies, id);
  if (tally === undefined) return 'not examined';
  if (tally.broken === 0) return 'kept';
  const findings = entries.flatMap(({ run }) => run.findings.filter(({ requirement }) => requirement === id));
  return BROKEN[gravestOf(named(set.words.requirements, id)?.level ?? '', findings)];
}

/** Of several sets that with the most to see of a rule: where it was broken, else where it was examined. */
function whereToLook(sets: readonly PageSet[], id: string): PageSet | undefined {
  const toSee = ({ tallies }: PageSet): number => {
    const tally = named(tallies, id);
    return tally === undefined ? 2 : tally.broken > 0 ? 0 : 1;
  };
  return sets.toSorted((a, b) => toSee(a) - toSee(b))[0];
}
