import type { CarrierProblem } from './carrier.ts';
import type { Frame, Party, Role } from './frame.ts';
import type { Instance } from './instance.ts';
import type { Sequence } from './sequence.ts';

/** A frame as the protocol reads it: a message, or why it is none. */
export type Decoded<M> =
  | { readonly ok: true; readonly message: M }
  | {
      readonly ok: false;
      readonly error: string;
      /**
       * The requirement that alone refuses it, where it is only a custom: other receivers may read such a frame. What follows from its
       * being unreadable to us is then nobody's fault.
       */
      readonly custom?: string;
    };

/** Fields of every trace event. */
interface EventBase {
  /** Index in the trace, from 0. */
  readonly n: number;
  /** Monotonic ms since the run began. */
  readonly t: number;
}

/** A connection reached the proxy: a client's, or in runs with a broker that of either end. `connection` counts from 0 in order of appearance. */
export interface OpenedEvent extends EventBase {
  readonly type: 'opened';
  readonly connection: number;
  /** Handle of the server that was dialled, where it is not the one that is there without a step. */
  readonly server?: string;
  /** Who dialled the broker; absent where there is none: then a client dialled a server. */
  readonly dialler?: Instance;
}

/** A frame came from one end and reached the proxy: what that end *sent*. */
export interface SentEvent<M = unknown> extends EventBase {
  readonly type: 'sent';
  readonly connection: number;
  readonly from: Party;
  readonly frame: Frame;
  /** Present for message frames only. */
  readonly decoded: Decoded<M> | undefined;
  /** Read from a file in which secrets of the frame are masked: what its bytes look like says nothing of who wrote them. */
  readonly masked?: true;
}

/** The proxy passed a frame on to one end: what that end *received*. */
export interface DeliveredEvent<M = unknown> extends EventBase {
  readonly type: 'delivered';
  readonly connection: number;
  readonly to: Party;
  /** Who sent it, or would have; absent where the ends meet without a broker: then it is the other one. */
  readonly from?: Party;
  /** `n` of the sent event it comes from; undefined when a fault injected it. */
  readonly of: number | undefined;
  /** True when a fault changed the frame on its way. */
  readonly altered: boolean;
  readonly frame: Frame;
  readonly decoded: Decoded<M> | undefined;
  readonly masked?: true;
}

/**
 * A connection ended, as the proxy saw it. The last of its connection, but for one case: an end that gives up a stalled
 * connection has ended it although nothing passes; frames of the other end, or a `resume`, may follow.
 */
export interface ClosedEvent extends EventBase {
  readonly type: 'closed';
  readonly connection: number;
  /** Who ended it first. */
  readonly by: Party | 'proxy';
  /** `close` = orderly with a close frame, `fin` = bare end of stream, `rst` = abort. */
  readonly how: 'close' | 'fin' | 'rst';
  readonly code: number | undefined;
}

/** A fault struck, or was armed, lifted or released. */
export interface FaultEvent extends EventBase {
  readonly type: 'fault';
  readonly connection: number | undefined;
  /** One line for people: `drop: server frame 3 of connection 0`. */
  readonly what: string;
}

/** An end did something below the messages that the carrier's rules do not allow, or did not let itself be carried. */
export interface CarrierEvent extends EventBase {
  readonly type: 'carrier';
  readonly connection: number;
  readonly from: Party;
  readonly problem: CarrierProblem;
}

/** What one end's application did or was told; recorded by the runner, in the order it became known to it. */
export interface ApplicationEvent extends EventBase {
  readonly type: 'application';
  readonly role: Role;
  /** Handle of the client or server instance (`main`). */
  readonly instance: string;
  readonly event: ApplicationHappening;
}

/** The kinds of application events; `call` is the name the case gave the invocation. */
export type ApplicationHappening =
  | { readonly kind: 'connect' }
  | { readonly kind: 'serve' }
  | { readonly kind: 'stop' }
  | {
      readonly kind: 'invoke';
      readonly call: string;
      readonly procedure?: string;
      readonly value?: unknown;
      readonly metadata?: unknown;
      readonly credit?: number;
    }
  | { readonly kind: 'send'; readonly call: string; readonly value: unknown; readonly metadata?: unknown }
  | { readonly kind: 'credit'; readonly call: string; readonly n: number }
  | { readonly kind: 'finish'; readonly call: string; readonly metadata?: unknown; readonly error?: AppError }
  | { readonly kind: 'cancel'; readonly call: string }
  | { readonly kind: 'disconnect' }
  | { readonly kind: 'start'; readonly call: string; readonly metadata?: unknown }
  | { readonly kind: 'message'; readonly call: string; readonly result: AppResult }
  | { readonly kind: 'end'; readonly call: string; readonly metadata?: unknown }
  | { readonly kind: 'status'; readonly status: string; readonly detail: string | undefined }
  | {
      readonly kind: 'handler';
      /** Absent where calls have none. */
      readonly procedure?: string;
      readonly run: string;
      readonly event: string;
      readonly value: unknown;
      readonly metadata?: unknown;
    };

/** What an application reads from a call: a value, or an error that the protocol carried or produced. */
export type AppResult =
  | { readonly ok: true; readonly value: unknown; readonly metadata?: unknown }
  | { readonly ok: false; readonly error: AppError };

/** An error as an application reads or gives it; its code is the protocol's own, a word or a number. */
export interface AppError {
  readonly code: string | number;
  readonly message: string;
  readonly extras?: unknown;
  readonly metadata?: unknown;
}

/** A step of the case began or ended; lets findings and pictures say where in the case something happened. */
export interface StepEvent extends EventBase {
  readonly type: 'step';
  /** Index of the step in the case's flat list, from 0; the number of steps for the closing phase. */
  readonly step: number;
  readonly phase: 'begin' | 'end';
}

/** One thing that happened in a run. A trace is these, in order of `n`. */
export type TraceEvent<M = unknown> =
  | OpenedEvent
  | SentEvent<M>
  | DeliveredEvent<M>
  | ClosedEvent
  | FaultEvent
  | CarrierEvent
  | ApplicationEvent
  | StepEvent;

/** Who sent what was delivered, or would have. */
export function senderOf({ from, to }: Pick<DeliveredEvent, 'from' | 'to'>): Party {
  return from ?? (to === 'client' ? 'server' : 'client');
}

/** Who sent the frame of an event, or would have. */
export function fromOf(event: SentEvent | DeliveredEvent): Party {
  return event.type === 'sent' ? event.from : senderOf(event);
}

/** Whether it is a frame that an end sent. */
export function isSent<M>(event: TraceEvent<M>): event is SentEvent<M> {
  return event.type === 'sent';
}

/** All that happened in one run, ordered by `n`. */
export type Trace<M = unknown> = Sequence<TraceEvent<M>>;

/** Who dialled each connection to a broker; empty where the ends meet without one. */
export function diallersIn(trace: Trace): ReadonlyMap<number, Instance> {
  const diallers = new Map<number, Instance>();
  for (const event of trace) if (event.type === 'opened' && event.dialler !== undefined) diallers.set(event.connection, event.dialler);
  return diallers;
}
