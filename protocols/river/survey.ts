import type { Trace } from '../common/trace.ts';
import { kindOf } from './classify.ts';
import type { RiverMessage } from './message.ts';
import { isHandshakeRequest } from './validate.ts';

/** An open message that a client sent, a retransmission perhaps. */
export interface OpenMessage {
  readonly n: number;
  readonly connection: number;
  readonly message: RiverMessage;
}

/** Where a call stands in the application's own story; -1 and Infinity where the trace does not say. */
export interface Span {
  readonly invoked: number;
  readonly ended: number;
  /** Whether the application cancelled it. */
  readonly cancelled: boolean;
}

/** Where a client cancelled a stream. */
export interface CancelMessage {
  readonly connection: number;
  readonly from: string;
  readonly streamId: string;
}

/** What must be known of a whole trace before its messages can be given names. */
export interface Survey {
  /** Client instances in order of appearance. */
  readonly instances: ReadonlySet<string>;
  /** By connection: whom the client's first message is from, and whom the server's first is to. */
  readonly told: ReadonlyMap<number, string>;
  readonly addressed: ReadonlyMap<number, string>;
  /** By connection: the session that the client's first request asks for. */
  readonly sessions: ReadonlyMap<number, string>;
  readonly opens: readonly OpenMessage[];
  readonly cancels: readonly CancelMessage[];
  readonly spans: ReadonlyMap<string, Span>;
}

const UNTOLD: Span = { invoked: -1, ended: Infinity, cancelled: false };

/** Reads a trace once for all that is asked of it as a whole: a long one is on disk. */
export function survey(trace: Trace<RiverMessage>): Survey {
  const instances = new Set<string>();
  const told = new Map<number, string>();
  const addressed = new Map<number, string>();
  const sessions = new Map<number, string>();
  const opens: OpenMessage[] = [];
  const cancels: CancelMessage[] = [];
  const spans = new Map<string, Span>();
  for (const event of trace) {
    if (event.type === 'application') {
      if (event.role === 'client') instances.add(event.instance);
      const { event: happening, n } = event;
      if (happening.kind === 'invoke') spans.set(happening.call, { ...UNTOLD, invoked: n });
      if (happening.kind === 'cancel') spans.set(happening.call, { ...(spans.get(happening.call) ?? UNTOLD), cancelled: true });
      if (happening.kind === 'end') spans.set(happening.call, { ...(spans.get(happening.call) ?? UNTOLD), ended: n });
    }
    if (event.type !== 'sent') continue;
    const { connection, from } = event;
    if (from === 'server') {
      if (!addressed.has(connection) && event.decoded?.ok) addressed.set(connection, event.decoded.message.to);
      continue;
    }
    if (!event.decoded?.ok) continue;
    const { message } = event.decoded;
    if (!told.has(connection)) told.set(connection, message.from);
    if (!sessions.has(connection) && isHandshakeRequest(message.payload)) sessions.set(connection, message.payload.sessionId);
    const kind = kindOf(event.frame, event.decoded);
    if (kind === 'open') opens.push({ n: event.n, connection, message });
    if (kind === 'cancel') cancels.push({ connection, from: message.from, streamId: message.streamId });
  }
  return { instances, told, addressed, sessions, opens, cancels, spans };
}

/**
 * The id of the session that a connection carries: the one that the client's first request on it asks for, else a name
 * for the connection itself. Stream ids are of a session; the next may use them again (RIVER-MSG-10).
 */
export function sessionOfConnection({ sessions }: Survey): (connection: number) => string {
  return (connection) => sessions.get(connection) ?? `connection ${connection}`;
}
