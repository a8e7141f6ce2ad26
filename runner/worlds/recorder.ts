import type { CarrierProblem } from '../../protocols/common/carrier.ts';
import { bodyLength, type Frame, type Party } from '../../protocols/common/frame.ts';
import type { Instance } from '../../protocols/common/instance.ts';
import { createMeter } from '../../protocols/common/limits.ts';
import type { Protocol } from '../../protocols/common/protocol.ts';
import { type ClosedEvent, type DeliveredEvent, fromOf, type SentEvent, senderOf, type TraceEvent } from '../../protocols/common/trace.ts';
import { type Places, startPlaces, type Whereabouts } from '../../protocols/common/whereabouts.ts';
import { openSpillFile, type SpillFile } from '../spill/spill-file.ts';
import { SpillingList } from '../spill/spilling-list.ts';
import { caughtUp, startDeferral } from './deferral.ts';
import { Content, isAsSent, type Reading, RecordedDelivered, RecordedSent } from './recorded-frame.ts';
import { contentAt, traceForm } from './trace-form.ts';
import type { Recorder } from './world.ts';

/** The recorder as a world sees it: besides what the steps record, all that passes the proxy. Each call adds one event. */
export interface WireRecorder extends Recorder {
  /** `n` of the oldest event that is kept. */
  readonly first: number;
  /** Bytes of all frame bodies so far; one that passes unaltered counts once. */
  readonly bytes: number;
  opened(connection: number, server?: string, dialler?: Instance): void;
  sent(connection: number, from: Party, frame: Frame): SentEvent;
  /** `of` is the `n` of a sent event of this trace; an unaltered frame takes over what was decoded there. */
  delivered(delivery: Pick<DeliveredEvent, 'connection' | 'to' | 'of' | 'altered' | 'frame'> & { readonly from?: Party }): void;
  closed(closing: Pick<ClosedEvent, 'connection' | 'by' | 'how' | 'code'>): void;
  fault(connection: number | undefined, what: string): void;
  carrier(connection: number, from: Party, problem: CarrierProblem): void;
  /**
   * Does what records, now where somebody listens, else when the trace is next looked at or added to; what it records bears the
   * time of this call. It must not throw.
   */
  defer(work: () => void): void;
  /** Does what was deferred. */
  catchUp(): void;
  /** Writes some of what is oldest and stands before event `n`, where more is in memory than need be: for who has time. */
  tidy(n: number): void;
  /** Where a message of that connection and end is that passes now: of exchanges that are long over nothing is known. */
  readonly whereabouts: Places['of'];
  /** Where the frame of an event of this trace is. */
  whereaboutsOf(event: SentEvent | DeliveredEvent): Whereabouts;
}

/** How large a trace may become. */
export interface TraceLimits {
  readonly events: number;
  /** Bytes of all frame bodies together; one that passes unaltered counts once. */
  readonly bytes: number;
  /** Bytes of events and bodies, about, that stay in memory; what is older goes to disk. */
  readonly inMemory: number;
  /** Of these as many as stay once `tidy` was called often enough; without it as many as may. */
  readonly atRest?: number;
  /** Bytes that go to disk, about; what is older is gone then. Without it all is kept. */
  readonly onDisk?: number;
  /** Values of all messages together that are decoded; without it those of a run. */
  readonly values?: number;
  /** Of so many frames in memory it is remembered what they say, those that were read last; without it of all. */
  readonly remembered?: number;
}

/** A million frames that an application reads (each is sent, delivered and told), and several of the longest, are within these. */
export const TRACE_LIMITS: TraceLimits = { events: 4_000_000, bytes: 1024 ** 3, inMemory: 256 * 1024 ** 2 };

/** A run whose trace became too large to be judged. What the proxy then reads is no longer passed on. */
export class TraceLimitError extends Error {
  override readonly name = 'TraceLimitError';
}

/** Connections that are known after their end: of a stalled one frames may follow. */
const ENDED_KNOWN = 1000;

/**
 * Starts an empty trace. `now` gives monotonic ms since the run began. Errors of listeners reach whoever records. Throws a
 * `TraceLimitError` on a frame that would make the trace larger than `limits` allow.
 */
export function createRecorder(
  protocol: Pick<Protocol, 'decode'>,
  binding: string,
  now: () => number,
  limits: TraceLimits = TRACE_LIMITS,
  openFile: () => SpillFile = openSpillFile,
): WireRecorder {
  const places = startPlaces(binding);
  const reading: Reading = (frame, place, from) => protocol.decode(frame, { binding, from, ...place });
  // What is on disk was counted when it came.
  const meter = createMeter(limits.values);
  const remember = limits.remembered === undefined ? (): void => {} : rememberer(limits.remembered);
  const firstReading: Reading = (frame, place, from, content) => {
    remember(content);
    return protocol.decode(frame, { binding, from, ...place }, meter);
  };
  const trace = new SpillingList(traceForm(reading), limits.inMemory, openFile, limits.onDisk);
  const { putOff, catchUp } = startDeferral();
  // What is recorded knows itself what it is read by, in memory and on disk. Where a trace goes on for hours nothing else is kept of
  // exchanges and connections that are over; a while, since something may still be on its way.
  const goesOn = limits.onDisk !== undefined;
  /** Heads, whose learning ends exchanges before theirs, and the events that have them. */
  const passing: { readonly n: number; readonly connection: number; readonly head: Frame }[] = [];
  /** Connections in the order in which they ended. */
  const ended: number[] = [];
  const forgetWhatIsOver = (): void => {
    if (ended.length > ENDED_KNOWN) {
      for (const connection of ended.splice(0, ended.length - ENDED_KNOWN)) places.forget(connection);
    }
    const [oldest] = passing;
    if (oldest === undefined || oldest.n >= trace.inMemory) return;
    const kept = passing.findIndex(({ n }) => n >= trace.inMemory);
    for (const { connection, head } of passing.splice(0, kept < 0 ? passing.length : kept)) places.forgetBefore(connection, head);
  };
  /** The time of what is recorded belatedly. */
  let belated: number | undefined;
  let bytes = 0;
  /** Why the trace could not go to disk. */
  let stuck: string | undefined;
  const listeners = new Set<{ readonly hear: (event: TraceEvent) => void; readonly from: number }>();
  /** Events that a listener recorded while others had still to hear an earlier one. */
  const unheard: TraceEvent[] = [];
  let announcing = false;

  /** Where and when the next event stands. */
  function next(): { readonly n: number; readonly t: number } {
    catchUp();
    return { n: trace.length, t: belated ?? now() };
  }

  /** What may write to disk. What it adds is in the trace whatever comes of that; where it failed the next frame is not passed on. */
  function spilling(act: () => void): void {
    try {
      act();
      if (goesOn) forgetWhatIsOver();
    } catch (error) {
      stuck ??= error instanceof Error ? error.message : String(error);
    }
  }

  function add<E extends TraceEvent>(event: E): E {
    spilling(() => trace.push(event));
    if (listeners.size === 0) return event;
    unheard.push(event);
    // A listener may record in its turn: that event waits until all have heard this one.
    if (announcing) return event;
    announcing = true;
    try {
      for (let news = unheard.shift(); news !== undefined; news = unheard.shift()) {
        for (const listener of listeners) if (news.n >= listener.from) listener.hear(news);
      }
    } finally {
      announcing = false;
    }
    return event;
  }

  function makeRoom(frame: Frame | undefined): void {
    if (frame?.class === 'data') bytes += bodyLength(frame);
    if (stuck !== undefined) {
      throw new TraceLimitError(`the trace of this run outgrew memory and could not go to disk (TMPDIR says where): ${stuck}`);
    }
    if (trace.length < limits.events && bytes <= limits.bytes) return;
    const what = trace.length < limits.events ? `${bytes} bytes of frames` : `${trace.length} events`;
    throw new TraceLimitError(`the trace of this run has grown to ${what}, more than can be judged; nothing further was passed on`);
  }

  return {
    trace: caughtUp(trace, catchUp),
    get first() {
      return trace.first;
    },
    get bytes() {
      return bytes;
    },
    listen(hear) {
      catchUp();
      const listener = { hear, from: trace.length };
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    application: (role, instance, event) => {
      const { n, t } = next();
      add({ n, t, type: 'application', role, instance, event });
    },
    step: (step, phase) => {
      const { n, t } = next();
      add({ n, t, type: 'step', step, phase });
    },
    opened: (connection, server, dialler) => {
      const { n, t } = next();
      add({ n, t, type: 'opened', connection, ...(server === undefined ? {} : { server }), ...(dialler === undefined ? {} : { dialler }) });
    },
    sent: (connection, from, frame) => {
      const { n, t } = next();
      makeRoom(frame);
      if (places.learn(connection, frame) && goesOn) passing.push({ n, connection, head: frame });
      return add(new RecordedSent({ n, t, connection, from }, new Content(frame, firstReading, places.at(connection, frame), from)));
    },
    delivered: ({ connection, to, from = senderOf({ to }), of, altered, frame }) => {
      const { n, t } = next();
      const known = isAsSent({ of, altered });
      makeRoom(known ? undefined : frame);
      const origin = of === undefined ? undefined : contentAt(trace, of);
      const content =
        known && origin !== undefined ? origin : new Content(frame, firstReading, origin?.place ?? places.at(connection, frame), from);
      const between = to === 'broker' || from === 'broker' ? { from } : {};
      add(new RecordedDelivered({ n, t, connection, to, ...between, of, altered }, content));
    },
    closed: ({ connection, by, how, code }) => {
      const { n, t } = next();
      add({ n, t, type: 'closed', connection, by, how, code });
      if (goesOn) ended.push(connection);
    },
    fault: (connection, what) => {
      const { n, t } = next();
      add({ n, t, type: 'fault', connection, what });
    },
    carrier: (connection, from, problem) => {
      const { n, t } = next();
      add({ n, t, type: 'carrier', connection, from, problem });
    },
    defer(work) {
      if (listeners.size > 0) return work();
      const t = now();
      putOff(() => {
        belated = t;
        work();
        belated = undefined;
      });
    },
    catchUp,
    tidy: (n) => spilling(() => trace.spillBeyond(limits.atRest ?? limits.inMemory, n)),
    whereabouts: places.of,
    whereaboutsOf(event) {
      if (!(event instanceof RecordedSent || event instanceof RecordedDelivered)) return places.ofEvent(event);
      return { binding, from: fromOf(event), ...event.content.place };
    },
    close: () => trace.close(),
  };
}

/** Remembers what so many contents say. Those of a long trace that is read once would else outlive all that its reading leaves, in the old part of the heap. */
function rememberer(most: number): (content: Content) => void {
  const recent: Content[] = [];
  let next = 0;
  return (content) => {
    recent[next]?.forget();
    recent[next] = content;
    next = (next + 1) % most;
  };
}
