import type { RequestHead } from '../../protocols/carriers/http/head.ts';
import type { ConnectError } from '../../protocols/connect/errors.ts';
import type { Procedure, Value } from '../../protocols/connect/schema.ts';
import type { Beside } from './answer.ts';

/** What a call said beside its messages. */
export interface Said {
  /** The head of its request. */
  readonly head: RequestHead;
  /** Its deadline, ms of the wire. */
  readonly timeoutMs: number | undefined;
}

/** What a handler can do with its call. */
export interface Outlet {
  readonly said: Said;
  /** Says something beside its messages, until the answer has begun or, of what goes behind them, ended. */
  beside(beside: Beside): void;
  /** Lets the caller know that something comes, before there is a message. */
  begin(): void;
  send(value: unknown): void;
  /** Ends the call, in order or with an error. Nothing goes out after it. */
  finish(error?: ConnectError): void;
  /** Ms of the wire until the call's deadline; undefined where it has none. */
  left(): number | undefined;
  /** Runs something after so many nominal ms, unless the call is over by then. */
  after(ms: number, happen: () => void): void;
}

/** A handler of one call: hears its requests, and that no more come. */
export interface Handler {
  request(value: Value): void;
  closed(): void;
}

/** What a procedure does. */
export type Behaviour = (outlet: Outlet) => Handler;

/** What a server hosts: procedures, and a behaviour for each. */
export interface Hosted {
  readonly procedures: ReadonlyMap<string, Procedure>;
  readonly behaviours: Readonly<Record<string, Behaviour>>;
}
