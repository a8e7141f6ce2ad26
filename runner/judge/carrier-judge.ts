import type { Role } from '../../protocols/common/frame.ts';
import type { CarrierEvent, Trace } from '../../protocols/common/trace.ts';
import type { Checkpoint, Finding } from '../results/result.ts';
import { fingerprint, type Judgement } from './judgement.ts';

/** Checkpoint of what goes on below the messages. */
export const CARRIER = 'carrier';

/**
 * Judges what went wrong below the messages: what the role under test did there, and for a client that its connection was refused
 * by a server that conforms. The first problem is told; what follows from it is the same cause. No judgement where nothing was carried.
 */
export function judgeCarrier(trace: Trace, role: Role): Judgement {
  let first: CarrierEvent | undefined;
  let carried = false;
  for (const event of trace) {
    if (event.type === 'opened') carried = true;
    else if (event.type === 'carrier' && isProblemOf(role, event)) first ??= event;
  }
  const outcome = first === undefined ? 'held' : 'broken';
  const checkpoints: Checkpoint[] = carried ? [{ id: CARRIER, judge: 'carrier', requirements: [], outcome }] : [];
  return { checkpoints, findings: first === undefined ? [] : [toFinding(first)] };
}

/** Judges it between strangers, of whom nobody knows whether they conform: an end by what it did itself, and may not. */
export function judgeCarrierOfStrangers(trace: Trace, role: Role): Judgement {
  const owned = [...trace].filter((event) => event.type !== 'carrier' || (event.from === role && event.problem.allowed !== true));
  return judgeCarrier(owned, role);
}

function isProblemOf(role: Role, { from, problem }: CarrierEvent): boolean {
  return from === role || (role === 'client' && problem.own !== true);
}

function toFinding({ n, from, problem }: CarrierEvent): Finding {
  return {
    judge: 'carrier',
    checkpoint: CARRIER,
    level: 'MUST',
    message: `the ${from} ${problem.text}`,
    events: [n],
    fingerprint: fingerprint('carrier', undefined, problem.kind, problem.detail === '' ? 'any' : problem.detail),
  };
}

/** The findings that were there before something went wrong below: all others follow from it, and are no causes of their own. */
export function notFrom(cause: Finding, findings: readonly Finding[], trace: Trace): Finding[] {
  const [since = 0] = cause.events;
  const ended = new Map<number, number>();
  for (const event of trace) if (event.type === 'step' && event.phase === 'end') ended.set(event.step, event.n);
  return findings.filter(({ events: [decisive], step }) => (decisive ?? (step === undefined ? since : (ended.get(step) ?? since))) < since);
}
