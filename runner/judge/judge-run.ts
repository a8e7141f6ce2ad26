import type { Role } from '../../protocols/common/frame.ts';
import type { Protocol } from '../../protocols/common/protocol.ts';
import type { Requirement } from '../../protocols/common/requirement.ts';
import { type LoadedCase, obliges } from '../cases/case.ts';
import type { Step } from '../cases/step.ts';
import type { Golden } from '../execute/golden.ts';
import { isComplete, type Performance } from '../execute/performance.ts';
import { laneKinds } from '../execute/settle.ts';
import type { Checkpoint, Finding, Verdict } from '../results/result.ts';
import { FloodError } from '../worlds/run-errors.ts';
import { judgeCarrier, notFrom } from './carrier-judge.ts';
import { judgeExpectations } from './expectation-judge.ts';
import { failureFinding, type Whereabouts } from './failure.ts';
import { foreignFindings, judgeInvariants } from './invariant-judge.ts';
import { fingerprint, type Judgement, type RequirementOf } from './judgement.ts';
import { judgeSteps } from './step-judge.ts';
import type { Divergence } from './trace-diff.ts';
import { judgeTrace } from './trace-judge.ts';
import { conclude } from './verdict.ts';
import { absenceAt, judgeWire, PRESENCE } from './wire-judge.ts';

/** What the judges need to know of a case-run. */
export interface Brief {
  readonly protocol: Protocol;
  readonly case: LoadedCase;
  readonly role: Role;
  readonly requirements: ReadonlyMap<string, Requirement>;
  /** SHOULD and IMPL findings fail too. */
  readonly strict: boolean;
  /** The implementation that plays the other end; undefined where a reference peer does. It is blamed for the rules that it breaks. */
  readonly opponent?: string | undefined;
}

/** What all judges together say of a performance. */
export interface Judged {
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
  readonly checkpoints: readonly Checkpoint[];
  /** Allowed variations without which the trace would differ from the golden one. */
  readonly variations: readonly string[];
  /** First differences to the golden trace, of both ends: evidence for the report. */
  readonly divergences: readonly Divergence[];
}

/** The requirement a case judges where a step names none: the first that obliges the role under test in this case. */
export function mainRequirement(loaded: LoadedCase, role: Role, requirementOf: RequirementOf): string | undefined {
  const obliging = loaded.requirements.find((id) => {
    const found = requirementOf(id);
    return found !== undefined && obliges(found, role, loaded.parts?.[role]);
  });
  return obliging ?? loaded.requirements[0];
}

/** Tells the steps of a case that judge a rule on which not everybody agrees. */
export function disputedSteps({ case: loaded, role, requirements }: Omit<Brief, 'protocol' | 'strict'>): (step: Step) => boolean {
  const main = mainRequirement(loaded, role, (id) => requirements.get(id));
  return ({ requirement = main }) => {
    const dispute = requirement === undefined ? undefined : requirements.get(requirement)?.disputed;
    return dispute !== undefined && dispute.ruling !== 'binding';
  };
}

/** No judgement: where an adapter refused or broke, what is missing on the wire follows from that. */
const NOTHING: Judgement = { checkpoints: [], findings: [] };

/** Judges a performance: steps, expectations, invariants and the trace. Pure. Without a golden trace there is nothing to compare with. */
export function judgeRun(brief: Brief, performance: Performance, golden: Golden | undefined): Judged {
  const { protocol, case: loaded, role } = brief;
  const requirementOf: RequirementOf = (id) => brief.requirements.get(id);
  const requirement = mainRequirement(loaded, role, requirementOf);
  const complete = isComplete(performance.played, loaded);
  const peer = performance.facts.scripted.length > 0 ? 'scripted' : 'conforms';
  const steps = judgeSteps(loaded.steps, performance.played.outcomes, requirement, requirementOf, peer);
  const expectations = judgeExpectations(loaded.expect, performance.trace, {
    protocol,
    match: performance.match,
    requirementOf,
    requirement,
    played: complete,
  });
  const invariants = judgeInvariants(protocol, performance.trace, performance.facts, role, requirementOf);
  const compared =
    loaded.trace === 'free' || golden?.ok !== true
      ? undefined
      : judgeTrace(
          performance.normalised,
          golden.normalised,
          protocol.variations,
          laneKinds(performance.calls),
          role,
          requirement,
          requirementOf,
        );
  // Where a step broke, the rest of the case was not played and the trace must differ: then it is evidence, not a reason.
  const traceJudgement = compared === undefined || complete ? compared : { ...compared, findings: [], checkpoints: [] };
  const wire =
    performance.played.failure !== undefined
      ? NOTHING
      : judgeWire({ trace: performance.trace, normalised: performance.normalised, golden: golden?.ok === true ? golden : undefined }, role);
  const { opponent } = brief;
  const harness = [...harnessFindings(brief, performance, golden, opponent === undefined ? invariants.foreign : [])];
  const opposite = opponent === undefined ? [] : foreignFindings(opponent, invariants.foreign, performance.trace, protocol, requirementOf);
  const carrier = judgeCarrier(performance.trace, role);
  const judged = [
    ...wire.findings,
    ...steps.findings,
    ...expectations.findings,
    ...invariants.findings,
    ...opposite,
    ...(traceJudgement?.findings ?? []),
  ];
  // Where it went wrong below the messages, or the implementation never came, everything else follows from that.
  const absence = wire.findings.find(({ checkpoint }) => checkpoint === PRESENCE);
  const root = carrier.findings[0] ?? (absence && absenceAt(absence, steps.findings[0], requirementOf));
  const findings = root === undefined ? [...harness, ...judged] : [...notFrom(root, judged, performance.trace), root, ...harness];
  const checkpoints = [
    ...carrier.checkpoints,
    ...steps.checkpoints,
    ...expectations.checkpoints,
    ...wire.checkpoints,
    ...invariants.checkpoints,
    ...(traceJudgement?.checkpoints ?? []),
  ];
  return {
    ...conclude({ findings, checkpoints }, requirementOf, brief.strict),
    variations: compared?.comparison.applied ?? [],
    divergences: compared?.comparison.divergences ?? [],
  };
}

/** Where a performance was when something was thrown. */
export function whereaboutsOf(
  { protocol, case: { id }, role }: Pick<Brief, 'protocol' | 'case' | 'role'>,
  performance: Performance | undefined,
  step: number | undefined,
): Whereabouts {
  let lastFrame: string | undefined;
  for (const event of performance?.trace ?? []) if (event.type === 'sent') lastFrame = protocol.kindOf(event.frame, event.decoded);
  return { case: id, role, step, lastFrame };
}

function* harnessFindings(
  brief: Brief,
  performance: Performance,
  golden: Golden | undefined,
  foreign: ReturnType<typeof judgeInvariants>['foreign'],
): Generator<Finding> {
  const { failure } = performance.played;
  if (failure !== undefined) yield failureFinding(failure.error, whereaboutsOf(brief, performance, failure.step));
  // Its connections were taken from both ends; what came of that is nobody's fault.
  if (failure?.error instanceof FloodError) return;
  if (golden?.ok === false) {
    yield harness(
      'golden',
      `golden ${brief.case.id}`,
      `the reference pair does not get through this case (${golden.reason}), so nothing can be said of the implementation`,
    );
  }
  for (const { invariant, violation } of foreign) {
    yield {
      ...harness(
        `invariant:${invariant}`,
        violation.requirement,
        `the reference ${violation.blame} broke ${violation.requirement}: ${violation.message}`,
      ),
      events: [...violation.events],
    };
  }
  for (const stray of performance.strays) {
    yield { ...harness('adapter', 'stray', `the implementation reported ${stray}`), judge: 'adapter' };
  }
}

function harness(checkpoint: string, kind: string, message: string): Finding {
  return {
    judge: 'harness',
    checkpoint,
    level: 'MUST',
    message,
    events: [],
    fingerprint: fingerprint('harness', undefined, kind, 'error'),
  };
}
