import type { ConnectError } from '../../protocols/connect/errors.ts';
import type { Value } from '../../protocols/connect/schema.ts';

/** What a handler can do with its call. */
export interface Outlet {
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
