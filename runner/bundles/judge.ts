import type { Protocol } from '../../protocols/common/protocol.ts';
import { AdapterError } from '../adapters/error.ts';
import type { LoadedCase } from '../cases/case.ts';
import { caseParser } from '../cases/parse.ts';
import { CorpusError } from '../cases/problem.ts';
import type { Golden } from '../execute/golden.ts';
import type { Performance } from '../execute/performance.ts';
import { PROCESS } from '../judge/failure.ts';
import { type Judged, judgeRun } from '../judge/judge-run.ts';
import { byWeight, verdictOf } from '../judge/verdict.ts';
import type { Masker } from '../masking/masker.ts';
import type { PlannedRun } from '../plan/plan.ts';
import type { CaseRun } from '../results/result.ts';
import { recordsOf } from '../results/trace-record.ts';
import { deriveCase, readVariant } from '../sweep/derive.ts';
import { EvidenceError } from './evidence-error.ts';
import { type Bundle, readContext } from './format.ts';
import type { Law, Rejudged } from './law.ts';
import { lengthOf, recordedPerformance } from './recorded-performance.ts';
import { readEvents } from './records.ts';

/**
 * The case of a bundle as today's parser reads it; of a sweep, the variant. Throws a `CorpusError` where it reads it no more, an
 * `EvidenceError` for a variant that there is not.
 */
export function caseOfBundle(bundle: Pick<Bundle, 'case'> & Partial<Pick<Bundle, 'role'>>, { protocol, catalogue }: Law): LoadedCase {
  const { id, file, text } = bundle.case;
  const [base = id, name] = id.split('~');
  const outcome = caseParser(protocol, catalogue)(file, base, text, bundle.role);
  if (!outcome.ok) throw new CorpusError(outcome.problems);
  if (name === undefined) return outcome.case;
  const variant = readVariant(name);
  if (variant === undefined) throw new EvidenceError(`the bundle is of ${id}, but sweeps have no variant ${JSON.stringify(name)}`);
  return deriveCase(outcome.case, variant, protocol);
}

/** The run that a bundle is of, as the planner would have planned it. */
export function plannedOfBundle(bundle: Bundle, loaded: LoadedCase): PlannedRun {
  const { run: id, role, binding, repeat } = bundle;
  const end = (facts: CaseRun['client']): PlannedRun['client'] => ({
    ...facts,
    roles: ['client', 'server'],
    bindings: [binding],
    features: [],
  });
  return { id, case: loaded, role, binding, repeat, client: end(bundle.client), server: end(bundle.server), skip: undefined };
}

/**
 * Judges a bundle again: the outcomes of the steps as they were recorded; expectations, invariants and the comparison with
 * `golden` (today's where it can be made, masked as the bundle is) by today's rules. What no judge of one trace can see is kept:
 * what the binding judge said, and that the adapter broke. Throws an `EvidenceError` where the bundle is malformed.
 */
export function judgeBundle(bundle: Bundle, file: string, loaded: LoadedCase, golden: Golden, law: Law): Rejudged {
  const { protocol, catalogue } = law;
  const planned = plannedOfBundle(bundle, loaded);
  const performance = performanceOf(bundle, file, protocol);
  const brief = { protocol, case: loaded, role: bundle.role, requirements: catalogue.requirements, strict: bundle.strict };
  const judged = performance === undefined ? asRecorded(bundle) : withUnseen(judgeRun(brief, performance, golden), bundle);
  const { id, role, binding, repeat } = planned;
  const assignment = { id, case: loaded, role, binding, repeat };
  return {
    planned,
    completed: {
      assignment,
      judged,
      performance,
      golden,
      durationMs: lengthOf(performance?.wholeTrace),
      displaced: undefined,
      stderr: bundle.stderr,
      timeliness: 'unknown',
      unexcused: [],
      timeScale: bundle.timeScale,
    },
  };
}

function performanceOf({ observed, binding, client, server }: Bundle, file: string, protocol: Protocol): Performance | undefined {
  if (observed === undefined) return undefined;
  const wholeTrace = readEvents(observed.trace, protocol, binding, file);
  const context = readContext(observed, file);
  const { failure } = observed;
  const implementation = client.reference ? server.name : client.name;
  return recordedPerformance(protocol, {
    ...context,
    played: {
      outcomes: observed.outcomes,
      lost: [],
      failure: failure === undefined ? undefined : { step: failure.step, error: errorOf(failure, implementation) },
    },
    wholeTrace,
    closing: observed.closing,
    streams: observed.streams,
    strays: observed.strays,
  });
}

function errorOf({ message, adapter }: NonNullable<NonNullable<Bundle['observed']>['failure']>, implementation: string): Error {
  return adapter === undefined ? new Error(message) : new AdapterError(message, { ...adapter, implementation });
}

/** A golden trace masked as what was recorded is, since the two are compared. */
export function maskGolden(golden: Golden, { protocol }: Pick<Law, 'protocol'>, binding: string, masker: Masker): Golden {
  if (!golden.ok || golden.trace === undefined) return golden;
  const written: unknown = JSON.parse(JSON.stringify(recordsOf(golden.trace, { protocol, binding, masker })));
  const trace = readEvents(Array.isArray(written) ? written : [], protocol, binding, 'golden trace');
  const calls = golden.calls.map((call) => masker.kept(call) as typeof call);
  const facts = masker.keptMap(golden.facts) as typeof golden.facts;
  return { ...golden, trace, calls, facts, normalised: protocol.normalise(trace, calls, facts) };
}

/** The world itself failed: there is nothing to judge but what was said then. */
function asRecorded({ verdict, findings }: Bundle): Judged {
  return { verdict, findings, checkpoints: [], variations: [], divergences: [] };
}

function withUnseen(judged: Judged, { findings, strict }: Bundle): Judged {
  const kept = findings.filter(isUnseen);
  if (kept.length === 0) return judged;
  const all = byWeight([...judged.findings, ...kept]);
  return { ...judged, findings: all, verdict: verdictOf(all, judged.checkpoints, strict) };
}

/** Whether a finding cannot be made from one recorded run. */
export function isUnseen(finding: Pick<Bundle['findings'][number], 'judge' | 'checkpoint'>): boolean {
  const { judge, checkpoint } = finding;
  return judge === 'binding' || (judge === 'harness' && checkpoint === 'start') || checkpoint === PROCESS;
}
