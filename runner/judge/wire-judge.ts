import type { Role } from '../../protocols/common/frame.ts';
import type { NormalisedTrace } from '../../protocols/common/normalise.ts';
import { where } from '../../protocols/common/sequence.ts';
import type { ApplicationEvent, Trace, TraceEvent } from '../../protocols/common/trace.ts';
import type { Checkpoint, Finding } from '../results/result.ts';
import { fingerprint, type Judgement } from './judgement.ts';

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
  const reports = Array.from(where(trace, isReport(role)));
  if (reports.length > 0) judged('wire:witness', unwitnessed(reports, trace, normalised, role));
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

/** Events of a role's application which say that the other end's application sent something. */
function isReport(role: Role): (event: TraceEvent) => event is ApplicationEvent {
  return (event): event is ApplicationEvent =>
    event.type === 'application' &&
    event.role === role &&
    (role === 'client'
      ? event.event.kind === 'message' && event.event.result.ok
      : event.event.kind === 'handler' && event.event.event === 'request');
}

/** The first value of a call that nobody sent on it. Where frames cannot be read, nobody can say. */
function unwitnessed(reports: readonly ApplicationEvent[], trace: Trace, { lanes }: NormalisedTrace, role: Role): Finding | undefined {
  for (const event of trace) if (event.type === 'sent' && event.from !== role && event.decoded?.ok === false) return undefined;
  if (role === 'server') {
    const sent = lanes.some(({ from, items }) => from !== role && items.length > 0);
    return sent ? undefined : unsent(reports[0], 'a handler of the server saw a request, but the client sent nothing');
  }
  const sentOn = new Map<string, number>();
  for (const { name, from, items } of lanes) if (from !== role) sentOn.set(name, (sentOn.get(name) ?? 0) + items.length);
  const read = new Map<string, number>();
  for (const report of reports) {
    if (report.event.kind !== 'message') continue;
    const lane = `${report.instance}/${report.event.call}`;
    const count = (read.get(lane) ?? 0) + 1;
    read.set(lane, count);
    const sent = sentOn.get(lane) ?? 0;
    if (count > sent) {
      const what = sent === 0 ? 'the server sent none' : `the server sent ${sent} frames`;
      return unsent(report, `the client reported value ${count} of ${report.event.call}, but ${what} on that call`);
    }
  }
  return undefined;
}

function unsent(report: ApplicationEvent | undefined, message: string): Finding {
  return finding('wire:witness', message, 'value', 'unsent', report === undefined ? [] : [report.n]);
}

function finding(checkpoint: string, message: string, kind: string, field: string, events: number[]): Finding {
  return { judge: 'wire', checkpoint, level: 'MUST', message, events, fingerprint: fingerprint('wire', undefined, kind, field) };
}
