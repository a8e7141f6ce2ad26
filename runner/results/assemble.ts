import type { Protocol } from '../../protocols/common/protocol.ts';
import type { Requirement } from '../../protocols/common/requirement.ts';
import { exceptionIn } from '../adapters/exception.ts';
import { type Concerning, expectednessOf, explains, isAsListed } from '../adapters/known-failures.ts';
import type { Completed } from '../execute/case-run.ts';
import { laneKinds } from '../execute/settle.ts';
import type { Masker } from '../masking/masker.ts';
import { type CaseSet, idsInSet } from '../plan/case-set.ts';
import type { EndFacts, PlannedRun } from '../plan/plan.ts';
import { ratesOf } from './rates.ts';
import type { CaseRun, Checkpoint, Results } from './result.ts';
import { scoreOf } from './score.ts';
import { tellStory } from './story.ts';
import { told, toldLast } from './told.ts';

/** What turns a judged run into a published result. */
export interface Assembly {
  readonly protocol: Protocol;
  readonly requirements: ReadonlyMap<string, Requirement>;
  /** Gives the known failures that speak of a run. */
  readonly listed: Concerning;
  readonly strict: boolean;
  readonly timeScale: number;
  /** The frozen set that is scored against. */
  readonly set?: CaseSet | undefined;
  /** The command that runs just this case-run again. */
  readonly reproduce: (planned: PlannedRun) => string;
  /** Masks what the run as a whole must not tell. */
  readonly masker: Masker;
}

/** The published form of a skipped run. */
export function skippedRun(planned: PlannedRun, reason: string, assembly: Pick<Assembly, 'reproduce' | 'set' | 'masker'>): CaseRun {
  return {
    ...base(planned, assembly),
    verdict: 'skip',
    expected: 'as-expected',
    skipReason: told(reason, assembly.masker),
    findings: [],
    checkpoints: [],
    variations: [],
    durationMs: 0,
  };
}

/**
 * The published form of a run that was carried out, fit to be told: secrets masked (`masker` knows those of this run), what others
 * said at length cut. `trace` is the path of its trace file, `stderr` the adapter's last words.
 */
export function completedRun(
  planned: PlannedRun,
  completed: Completed,
  assembly: Assembly,
  extras: { readonly trace?: string | undefined; readonly stderr?: string | undefined; readonly masker?: Masker },
): CaseRun {
  const { judged } = completed;
  const { masker = assembly.masker } = extras;
  const findings = judged.findings.map((finding) => ({
    ...finding,
    message: told(finding.message, masker),
    fingerprint: told(finding.fingerprint, masker),
  }));
  const asJudged = { ...base(planned, { ...assembly, masker }), verdict: judged.verdict, findings };
  const entries = assembly.listed(asJudged);
  const tooSlow = isAsListed(asJudged, entries, assembly.strict) ? undefined : completed.tooSlow;
  const judgedRun = tooSlow === undefined ? asJudged : { ...asJudged, verdict: 'unclear' as const };
  const standing = expectednessOf(judgedRun, entries, assembly.strict);
  const known = standing.expected === 'known-failure' || standing.expected === 'stale-known-failure' ? standing.entry.reason : undefined;
  const flaky = entries.find((entry) => entry.flaky !== undefined && findings.some((finding) => explains(entry, finding)))?.flaky;
  const [first] = findings;
  const died = findings.some(({ fingerprint }) => fingerprint.startsWith('crash/'));
  const exception = died ? exceptionIn(extras.stderr ?? '')?.text : undefined;
  return {
    ...judgedRun,
    expected: standing.expected === 'new-failure' && judgedRun.inSet === false ? 'beyond-set' : standing.expected,
    ...(known === undefined ? {} : { knownReason: told(known, masker) }),
    ...(flaky === undefined ? {} : { flaky: { rate: flaky.rate, runs: flaky.runs } }),
    ...(judged.verdict === 'skip' ? { skipReason: waivedReason(judged.checkpoints) } : {}),
    ...(tooSlow === undefined ? {} : { tooSlow }),
    checkpoints: [...judged.checkpoints],
    variations: [...judged.variations],
    durationMs: completed.durationMs,
    ...(extras.trace === undefined ? {} : { trace: extras.trace }),
    ...(judged.verdict === 'pass' || first === undefined ? {} : { story: storyOf(completed, { ...assembly, masker }, first) }),
    ...(judged.verdict === 'pass' || extras.stderr === undefined ? {} : { stderr: toldLast(extras.stderr, masker) }),
    ...(exception === undefined ? {} : { exception: told(exception, masker) }),
  };
}

/** Why a run that was begun counts as skipped. */
function waivedReason(checkpoints: readonly Checkpoint[]): string {
  const waived = checkpoints.filter(({ outcome }) => outcome === 'waived').flatMap(({ requirements }) => requirements);
  return `the profile sides against what the case looks for (${[...new Set(waived)].join(', ')})`;
}

function storyOf(completed: Completed, assembly: Assembly, finding: CaseRun['findings'][number]): NonNullable<CaseRun['story']> {
  const { performance, golden, assignment } = completed;
  const { protocol, masker } = assembly;
  const normalised = performance?.normalised ?? { lanes: [] };
  return tellStory(
    {
      protocol,
      masker,
      case: assignment.case,
      requirements: assembly.requirements,
      observed: { trace: performance?.trace ?? [], normalised },
      golden: golden.ok && golden.trace !== undefined ? { trace: golden.trace, normalised: golden.normalised } : undefined,
      kindOf: performance === undefined ? () => undefined : laneKinds(performance.calls),
      timeScale: assembly.timeScale,
    },
    finding,
  );
}

function base(
  planned: PlannedRun,
  assembly: Pick<Assembly, 'reproduce' | 'set' | 'masker'>,
): Pick<
  CaseRun,
  'inSet' | 'setCases' | 'aliases' | 'id' | 'case' | 'title' | 'role' | 'binding' | 'client' | 'server' | 'requirements' | 'reproduce'
> {
  const { id, aliases } = planned.case;
  const setCases = assembly.set === undefined ? [] : idsInSet(planned.case, assembly.set);
  return {
    id: planned.id,
    case: id,
    ...(aliases.length === 0 ? {} : { aliases: [...aliases] }),
    title: told(planned.case.title, assembly.masker),
    role: planned.role,
    binding: planned.binding,
    client: endName(planned.client),
    server: endName(planned.server),
    requirements: [...planned.case.requirements],
    ...(assembly.set === undefined ? {} : { inSet: setCases.length > 0 }),
    ...(setCases.length === 0 || setCases.includes(id) ? {} : { setCases }),
    reproduce: assembly.masker.words(assembly.reproduce(planned)),
  };
}

/** Name and version of an end, as results give them. */
export function endName({ name, version, reference }: EndFacts): CaseRun['client'] {
  return { name, version, reference };
}

/** What all case-runs amount to together; `set` is the frozen set they are scored against. */
export function totalsOf(runs: readonly CaseRun[], set: string | undefined): Pick<Results, 'summary' | 'rates' | 'score'> {
  const rates = ratesOf(runs);
  return {
    summary: summarise(runs),
    ...(rates.length === 0 ? {} : { rates }),
    ...(set === undefined ? {} : { score: scoreOf(set, runs) }),
  };
}

/** Counts of verdicts, of known failures and of stale ones. */
function summarise(runs: readonly CaseRun[]): Record<string, number> {
  const summary: Record<string, number> = { total: runs.length };
  const count = (key: string): void => {
    summary[key] = (summary[key] ?? 0) + 1;
  };
  for (const run of runs) {
    count(run.verdict);
    if (run.expected === 'known-failure') count('known');
    if (run.expected === 'stale-known-failure') count('stale');
    if (run.expected === 'beyond-set') count('beyond');
    if (run.expected === 'not-confirmed') count('not-confirmed');
  }
  return summary;
}
