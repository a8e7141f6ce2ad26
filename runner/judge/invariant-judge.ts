import type { Role } from '../../protocols/common/frame.ts';
import type { RunFacts, Violation } from '../../protocols/common/invariant.ts';
import type { Protocol } from '../../protocols/common/protocol.ts';
import type { Trace, TraceEvent } from '../../protocols/common/trace.ts';
import type { Checkpoint, Finding } from '../results/result.ts';
import { fingerprint, type Judgement, levelOf, type RequirementOf } from './judgement.ts';

/** What the invariants say of a trace: a judgement of the role under test, and the violations of the other end. */
export interface InvariantJudgement extends Judgement {
  /** Rules that the end not under test broke although the case did not script it: a fault of the harness. */
  readonly foreign: readonly { readonly invariant: string; readonly violation: Violation }[];
}

/** Runs every invariant of the protocol over a trace, for one role under test. */
export function judgeInvariants(
  protocol: Protocol,
  trace: Trace,
  facts: RunFacts,
  role: Role,
  requirementOf: RequirementOf,
): InvariantJudgement {
  const checkpoints: Checkpoint[] = [];
  const findings: Finding[] = [];
  const foreign: { invariant: string; violation: Violation }[] = [];
  for (const { invariant, checked, violations } of runInvariants(protocol, trace, facts, role)) {
    const id = `invariant:${invariant.name}`;
    const own = violations.filter((violation) => violation.blame === role);
    for (const violation of own) checked.add(violation.requirement);
    for (const violation of violations) {
      if (violation.blame !== role && !facts.scripted.some((scripted) => scripted === violation.blame))
        foreign.push({ invariant: invariant.name, violation });
    }
    if (checked.size > 0) {
      const broken = own.length > 0;
      checkpoints.push({ id, judge: 'invariant', requirements: [...checked], outcome: broken ? 'broken' : 'held' });
    }
    const kindOf = ({ events: [n] }: Violation): string => kindAt(n === undefined ? undefined : trace.at(n), protocol);
    findings.push(
      ...firstOfEach(own, kindOf).map((violation) => toFinding(id, invariant.name, violation, kindOf(violation), requirementOf)),
    );
  }
  return { checkpoints, findings, foreign };
}

/** What an implementation at the end that is not under test broke, as findings that name it. */
export function foreignFindings(
  opponent: string,
  foreign: InvariantJudgement['foreign'],
  trace: Trace,
  protocol: Protocol,
  requirementOf: RequirementOf,
): Finding[] {
  const seen = new Set<string>();
  return foreign.flatMap(({ invariant, violation }) => {
    const [n] = violation.events;
    const kind = kindAt(n === undefined ? undefined : trace.at(n), protocol);
    const key = `${violation.requirement} ${kind}`;
    if (seen.has(key)) return [];
    seen.add(key);
    const message = `the other end, ${opponent} as ${violation.blame}, broke it: ${violation.message}`;
    const found = toFinding(`invariant:${invariant}`, invariant, { ...violation, message }, kind, requirementOf);
    // It is another implementation's failure, whatever is listed of this one.
    return [{ ...found, fingerprint: fingerprint('invariant', violation.requirement, invariant, `${kind}-of-the-${violation.blame}`) }];
  });
}

/** What one invariant said. */
interface Opinion {
  readonly invariant: Protocol['invariants'][number];
  /** Requirements that it found held by the role under test. */
  readonly checked: Set<string>;
  readonly violations: Violation[];
}

function runInvariants(protocol: Protocol, trace: Trace, facts: RunFacts, role: Role): readonly Opinion[] {
  const opinions = new Map(
    protocol.invariants.map((invariant) => [invariant, { invariant, checked: new Set<string>(), violations: [] as Violation[] }]),
  );
  const automaton = protocol.startInvariants(facts, (invariant) => {
    const opinion = opinions.get(invariant);
    return {
      holds: (requirement, blame) => {
        if (blame === role) opinion?.checked.add(requirement);
      },
      violates: (violation) => opinion?.violations.push(violation),
    };
  });
  for (const event of facts.fromTheMiddle ? begunIn(trace) : trace) automaton.observe(event);
  automaton.finish();
  return [...opinions.values()];
}

/** The events of a trace but for those of connections that were there before it. */
function* begunIn(trace: Trace): Generator<TraceEvent> {
  const begun = new Set<number>();
  for (const event of trace) {
    if (event.type === 'opened') begun.add(event.connection);
    if (!('connection' in event) || event.connection === undefined || begun.has(event.connection)) yield event;
  }
}

/**
 * One finding is enough for a requirement and a kind of frame: a reader takes further ones in the same trace for consequences. With
 * another kind of frame it is another bug, which no list of the first excuses.
 */
function firstOfEach(violations: readonly Violation[], kindOf: (violation: Violation) => string): Violation[] {
  const seen = new Set<string>();
  return violations.filter((violation) => {
    const key = `${violation.requirement} ${kindOf(violation)}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** What the decisive event of a violation is: the kind of a frame, or of what else happened. */
function kindAt(event: TraceEvent | undefined, protocol: Protocol): string {
  if (event === undefined) return 'violation';
  return event.type === 'sent' || event.type === 'delivered' ? protocol.kindOf(event.frame, event.decoded) : event.type;
}

function toFinding(id: string, name: string, violation: Violation, kind: string, requirementOf: RequirementOf): Finding {
  return {
    judge: 'invariant',
    checkpoint: id,
    requirement: violation.requirement,
    level: levelOf(requirementOf, violation.requirement),
    message: violation.message,
    events: [...violation.events],
    fingerprint: fingerprint('invariant', violation.requirement, name, kind),
  };
}
