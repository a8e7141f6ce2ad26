import type { Frame, Role } from '../../protocols/common/frame.ts';
import type { Protocol } from '../../protocols/common/protocol.ts';
import type { ClosedEvent, Decoded, DeliveredEvent, SentEvent, TraceEvent } from '../../protocols/common/trace.ts';
import type { Recorder } from './world.ts';

/** The recorder as a world sees it: besides what the steps record, all that passes the proxy. Each call adds one event. */
export interface WireRecorder extends Recorder {
  opened(connection: number): void;
  sent(connection: number, from: Role, frame: Frame): SentEvent;
  /** `of` is the `n` of a sent event of this trace; an unaltered frame takes over what was decoded there. */
  delivered(delivery: Pick<DeliveredEvent, 'connection' | 'to' | 'of' | 'altered' | 'frame'>): void;
  closed(closing: Pick<ClosedEvent, 'connection' | 'by' | 'how' | 'code'>): void;
  fault(connection: number | undefined, what: string): void;
}

/** How large a trace may become: judges read it as a whole, so it is kept in memory. */
export interface TraceLimits {
  readonly events: number;
  /** Bytes of all frame bodies together; one that passes unaltered counts once. */
  readonly bytes: number;
}

/** A million frames that an application reads (each is sent, delivered and told), and several of the longest, are within these. */
export const TRACE_LIMITS: TraceLimits = { events: 4_000_000, bytes: 1024 ** 3 };

/** Bytes of a body from which on it is decoded when first asked for, so that it passes without waiting for that. */
const LONG = 64 * 1024;

/** A run whose trace became too large to be judged. What the proxy was about to pass on stays where it was. */
export class TraceLimitError extends Error {
  override readonly name = 'TraceLimitError';
}

/**
 * Starts an empty trace. `now` gives monotonic ms since the run began. Errors of listeners reach whoever records. Throws a
 * `TraceLimitError` on a frame that would make the trace larger than `limits` allow.
 */
export function createRecorder(
  protocol: Pick<Protocol, 'decode'>,
  codec: string,
  now: () => number,
  limits: TraceLimits = TRACE_LIMITS,
): WireRecorder {
  const trace: TraceEvent[] = [];
  let bytes = 0;
  const listeners = new Set<{ readonly hear: (event: TraceEvent) => void; readonly from: number }>();
  let heard = 0;
  let announcing = false;

  function add<E extends TraceEvent>(event: E): E {
    trace.push(event);
    // A listener may record in its turn: that event waits until all have heard this one.
    if (announcing) return event;
    announcing = true;
    try {
      for (let next = trace[heard]; next !== undefined; next = trace[heard]) {
        heard += 1;
        for (const listener of listeners) if (next.n >= listener.from) listener.hear(next);
      }
    } finally {
      announcing = false;
    }
    return event;
  }

  function makeRoom(frame: Frame | undefined): void {
    if (frame?.kind === 'message') bytes += frame.data.length;
    if (trace.length < limits.events && bytes <= limits.bytes) return;
    const what = trace.length < limits.events ? `${bytes} bytes of frames` : `${trace.length} events`;
    throw new TraceLimitError(`the trace of this run has grown to ${what}, more than can be judged; nothing further was passed on`);
  }

  function decode(frame: Frame): Decoded<unknown> | undefined {
    return frame.kind === 'message' ? protocol.decode(frame, codec) : undefined;
  }

  return {
    trace,
    listen(hear) {
      const listener = { hear, from: trace.length };
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    application: (role, instance, event) => {
      add({ n: trace.length, t: now(), type: 'application', role, instance, event });
    },
    step: (step, phase) => {
      add({ n: trace.length, t: now(), type: 'step', step, phase });
    },
    opened: (connection) => {
      add({ n: trace.length, t: now(), type: 'opened', connection });
    },
    sent: (connection, from, frame) => {
      makeRoom(frame);
      const event: SentEvent = {
        n: trace.length,
        t: now(),
        type: 'sent',
        connection,
        from,
        frame,
        decoded: isLong(frame) ? undefined : decode(frame),
      };
      return add(isLong(frame) ? whenAsked(event, () => decode(frame)) : event);
    },
    delivered: ({ connection, to, of, altered, frame }) => {
      const original = altered || of === undefined ? undefined : trace[of];
      makeRoom(original === undefined ? frame : undefined);
      const decoded = (): Decoded<unknown> | undefined => (original?.type === 'sent' ? original.decoded : decode(frame));
      const known = isLong(frame) ? undefined : decoded();
      const event: DeliveredEvent = { n: trace.length, t: now(), type: 'delivered', connection, to, of, altered, frame, decoded: known };
      add(isLong(frame) ? whenAsked(event, decoded) : event);
    },
    closed: ({ connection, by, how, code }) => {
      add({ n: trace.length, t: now(), type: 'closed', connection, by, how, code });
    },
    fault: (connection, what) => {
      add({ n: trace.length, t: now(), type: 'fault', connection, what });
    },
  };
}

/** An event whose frame is decoded when somebody first asks what it says. */
function whenAsked<E extends SentEvent | DeliveredEvent>(event: E, decode: () => E['decoded']): E {
  let known: E['decoded'];
  return Object.defineProperty(event, 'decoded', { enumerable: true, get: () => (known ??= decode()) });
}

function isLong(frame: Frame): boolean {
  return frame.kind === 'message' && frame.data.length >= LONG;
}
