import { named } from '../../../runner/results/named.ts';
import type { CaseRun, Finding } from '../../../runner/results/result.ts';
import { SHAPES, type Standing } from '../../model/verdict.ts';
import type { PageSet } from '../../page.ts';
import { linkTo } from '../address.ts';
import { ruleLink } from '../links.ts';
import { Plain } from '../parts/plain.tsx';

/** Findings that are told in full before somebody asks for all. */
const IN_FULL = 3;

/** Every reason for the verdict: the rule in words, what was found, and the way to its frame. */
export function Findings({
  run,
  set,
  stepRows,
}: {
  readonly run: CaseRun;
  readonly set: PageSet;
  readonly stepRows: ReadonlyMap<number, number>;
}) {
  const [first, ...others] = [run.findings.slice(0, IN_FULL), run.findings.slice(IN_FULL)];
  const told = new Set<string>();
  return (
    <section aria-label="Findings">
      {(first ?? []).map((finding, i) => {
        const again = finding.requirement !== undefined && told.has(finding.requirement);
        if (finding.requirement !== undefined) told.add(finding.requirement);
        return <One key={`${i} ${finding.fingerprint}`} run={run} set={set} finding={finding} brief={again} stepRows={stepRows} />;
      })}
      {(others[0]?.length ?? 0) === 0 ? null : (
        <details>
          <summary>and {others[0]?.length} more findings</summary>
          {others[0]?.map((finding, i) => (
            <One key={`${i} ${finding.fingerprint}`} run={run} set={set} finding={finding} brief stepRows={stepRows} />
          ))}
        </details>
      )}
    </section>
  );
}

function One({
  run,
  set,
  finding,
  brief,
  stepRows,
}: {
  readonly stepRows: ReadonlyMap<number, number>;
  readonly run: CaseRun;
  readonly set: PageSet;
  readonly finding: Finding;
  readonly brief: boolean;
}) {
  const { requirement, level, message, events, step, judge, question } = finding;
  const rule = named(set.words.requirements, requirement);
  const verdict = standingOf(finding);
  const text = rule?.text ?? (run.story?.requirement?.id === requirement ? run.story?.requirement?.text : undefined);
  return (
    <div class={`found g-${verdict}`}>
      <p class="cause-head">
        <span class={`mark v-${verdict}`} aria-hidden="true">
          {SHAPES[verdict]}
        </span>
        {requirement === undefined ? <b>{judge}</b> : <a href={ruleLink(requirement)}>{requirement}</a>}{' '}
        {requirement === undefined ? null : <span class="level">{level}</span>}
        <span class="dim">{rule === undefined ? '' : rule.source}</span>
      </p>
      {brief || text === undefined ? null : <p class="rule">{text}</p>}
      <p class="finding">
        <Plain>{message}</Plain>
      </p>
      <p class="dim places">
        {step === undefined ? null : <Step step={step} n={stepRows.get(step)} />}
        {events.length === 0 ? null : (
          <span>
            {events.slice(0, 6).map((n, i) => (
              <>
                {i === 0 ? '' : ', '}
                <a key={n} href={linkTo({ frame: n, side: 'observed' })}>
                  {i === 0 ? `frame ${n}` : n}
                </a>
              </>
            ))}
          </span>
        )}
        <span>found by the {judgeWord(judge)}</span>
      </p>
      {question === undefined ? null : (
        <dl class="rules-of">
          <dt>The specification</dt>
          <dd>{question.spec}</dd>
          <dt>The official implementation</dt>
          <dd>{question.official}</dd>
          <dd class="dim">
            Looked for: {question.demanded === 'spec' ? 'what the specification says' : 'what the official implementation does'}.{' '}
            <code>--profile spec</code> or <code>--profile official</code> picks a side.
          </dd>
        </dl>
      )}
    </div>
  );
}

function Step({ step, n }: { readonly step: number; readonly n: number | undefined }) {
  const says = `at step ${step + 1}`;
  return n === undefined ? <span>{says}</span> : <a href={linkTo({ frame: n, side: 'observed' })}>{says}</a>;
}

/** The colour and shape of a finding. */
export function standingOf({ judge, question, level }: Finding): Standing {
  if (judge === 'harness') return 'error';
  if (question !== undefined) return 'question';
  return level === 'MUST' || level === 'MUST-NOT' ? 'fail' : 'warn';
}

function judgeWord(judge: Finding['judge']): string {
  switch (judge) {
    case 'expectation':
      return 'expectations of the case';
    case 'invariant':
      return 'invariants';
    case 'trace':
      return 'comparison with the golden trace';
    case 'binding':
      return 'comparison of bindings';
    case 'wire':
      return 'judge of the bytes on the wire';
    case 'carrier':
      return 'judge of the carrier below the protocol';
    case 'adapter':
      return 'adapter';
    case 'harness':
      return 'harness';
  }
}
