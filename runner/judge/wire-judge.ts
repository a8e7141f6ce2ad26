import type { Role } from '../../protocols/common/frame.ts';
import type { NormalisedTrace } from '../../protocols/common/normalise.ts';
import type { ApplicationEvent, Trace } from '../../protocols/common/trace.ts';
import type { Checkpoint, Finding } from '../results/result.ts';
import { fingerprint, type Judgement, type RequirementOf } from './judgement.ts';

/** What is looked at: what happened, and what is sent where the reference peer plays the role. */
export interface WireMatter {
  readonly trace: Trace;
  readonly normalised: NormalisedTrace;
  /** Undefined where there is no golden trace. */
  readonly golden: { readonly trace: Trace | undefined; readonly normalised: NormalisedTrace } | undefined;
}

/** Checkpoint of the presence on the wire. */
export const PRESENCE = 'wire:presence';

/**
 * Holds what an implementation says against the wire. A case is about what happens there: where the reference peer in this
 * role is seen on it and the implementation never is, nothing that its application reports counts; and what an application read or a
 * handler saw must have been sent by the other end.
 */
export function judgeWire({ trace, normalised, golden }: WireMatter, role: Role): Judgement {
  const checkpoints: Checkpoint[] = [];
  const findings: Finding[] = [];
  const judged = (id: string, broken: Finding | undefined): void => {
    checkpoints.push({ id, judge: 'wire', requirements: [], outcome: broken === undefined ? 'held' : 'broken' });
    if (broken !== undefined) findings.push(broken);
  };
  if (golden !== undefined && isSeen(golden, role)) judged(PRESENCE, isSeen({ trace, normalised }, role) ? undefined : absent(role));
  const witness = witnessOf(trace, normalised, role);
  if (witness.asked) judged('wire:witness', witness.broken);
  return { checkpoints, findings };
}

/** Whether a role did anything on the wire: it sent something, it ended a connection, or, where it is who dials, opened one. */
function isSeen({ trace, normalised }: { readonly trace: Trace | undefined; readonly normalised: NormalisedTrace }, role: Role): boolean {
  if (trace === undefined) return normalised.lanes.some(({ from, items }) => from === role && items.length > 0);
  for (const event of trace) {
    // A close that answers the other end's is the carrier's doing; the head of an upgrade is a frame only where protocols judge it.
    if (event.type === 'sent' && event.from === role && (event.frame.class === 'data' || event.frame.class === 'opening')) return true;
    if (event.type === 'closed' && event.by === role) return true;
    if (event.type === 'opened' && (event.dialler?.role ?? 'client') === role) return true;
  }
  return false;
}

function absent(role: Role): Finding {
  const what = role === 'client' ? 'no connection of the client’s reached the wire' : 'nothing that the server sent reached the wire';
  return finding(PRESENCE, `${what}, so nothing that the case is about was seen`, 'nothing', 'missing', []);
}

/**
 * That nothing came, with the step that waited for something and the rule that it is about: one cause still, whatever was waited for. A
 * rule that is disputed is left out, since nobody disputes that something has to come.
 */
export function absenceAt(absence: Finding, waited: Finding | undefined, requirementOf: RequirementOf): Finding {
  if (waited === undefined) return absence;
  const { requirement, step, message } = waited;
  const named = requirement !== undefined && requirementOf(requirement)?.disputed === undefined;
  return {
    ...absence,
    message: `${message}; ${absence.message}`,
    ...(named ? { requirement } : {}),
    ...(step === undefined ? {} : { step }),
  };
}

/** Whether a role's application says that the other end's application sent something. */
function isReport(role: Role, { role: whose, event }: ApplicationEvent): boolean {
  if (whose !== role) return false;
  return role === 'client' ? event.kind === 'message' && event.result.ok : event.kind === 'handler' && event.event === 'request';
}

/** What reports of an application came to. */
interface Witness {
  /** Whether it reported anything. */
  readonly asked: boolean;
  /** The first that it cannot have seen. */
  readonly broken: Finding | undefined;
}

/**
 * Looks for the first value of a call that nobody sent on it. Where frames cannot be read, nobody can say. One pass, and nothing is kept of it: a long
 * trace is read from the disk.
 */
function witnessOf(trace: Trace, { lanes }: NormalisedTrace, role: Role): Witness {
  const sentOn = new Map<string, number>();
  for (const { name, from, items } of lanes) if (from !== role) sentOn.set(name, (sentOn.get(name) ?? 0) + items.length);
  const sentAny = [...sentOn.values()].some((items) => items > 0);
  const read = new Map<string, number>();
  let [asked, unreadable] = [false, false];
  let broken: Finding | undefined;
  for (const event of trace) {
    if (event.type === 'sent' && event.from !== role && event.decoded?.ok === false) unreadable = true;
    if (event.type !== 'application' || !isReport(role, event)) continue;
    asked = true;
    if (event.event.kind === 'message') {
      const lane = `${event.instance}/${event.event.call}`;
      const count = (read.get(lane) ?? 0) + 1;
      read.set(lane, count);
      broken ??= unlessSent(event, event.event.call, count, sentOn.get(lane) ?? 0);
    } else if (!sentAny) broken ??= unsent(event, 'a handler of the server saw a request, but the client sent nothing');
  }
  return { asked, broken: unreadable ? undefined : broken };
}

function unlessSent(report: ApplicationEvent, call: string, count: number, sent: number): Finding | undefined {
  if (count <= sent) return undefined;
  const what = sent === 0 ? 'the server sent none' : `the server sent ${sent} frames`;
  return unsent(report, `the client reported value ${count} of ${call}, but ${what} on that call`);
}

function unsent({ n }: ApplicationEvent, message: string): Finding {
  return finding('wire:witness', message, 'value', 'unsent', [n]);
}

function finding(checkpoint: string, message: string, kind: string, field: string, events: number[]): Finding {
  return { judge: 'wire', checkpoint, level: 'MUST', message, events, fingerprint: fingerprint('wire', undefined, kind, field) };
}
