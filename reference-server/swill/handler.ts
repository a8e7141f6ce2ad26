import type { Metadata } from '../../protocols/swill/frame.ts';
import type { Type } from './types.ts';

/** An error that a handler, or a hook, gives. */
export interface GivenError {
  readonly code: number;
  readonly message: string;
  /** Absent where there is none. */
  readonly data?: unknown;
}

/** What a connection said when it was opened. */
export interface ConnectionFacts {
  /** Differs between connections (SWILL-CONN-07). */
  readonly id: string;
  /** A field of its upgrade request (SWILL-CONN-08). */
  header(name: string): string | undefined;
}

/** What a handler can do with its request. Nothing goes out behind its end. */
export interface Outlet {
  readonly metadata: Metadata;
  readonly connection: ConnectionFacts;
  /** A message: the answer, or an item. */
  send(value: unknown): void;
  /** No more items come. */
  finish(): void;
  fail(error: GivenError): void;
  /** Leading metadata: sent at once, or with what is sent first. Throws where that is too late (SWILL-META-09). */
  lead(metadata: Metadata, when: 'now' | 'with-data'): void;
  /** Metadata of the end. */
  trail(metadata: Metadata): void;
  /** Runs something after so many nominal ms, unless the request is over by then. */
  after(ms: number, happen: () => void): void;
  /** The close signal: ends the connection with a code of 1000 or above, and a reason (SWILL-CONN-16). */
  close(code: number, reason: string): void;
}

/** What a handler hears: messages that were checked, and that no more come. What it throws is an internal error. */
export interface Handler {
  message(value: never): void;
  ended?(): void;
}

/** A procedure: what it takes and gives, and what it does. */
export interface Procedure {
  readonly kind: 'single-single' | 'single-stream' | 'stream-single' | 'stream-stream';
  /** Of a message; of each, where there is a stream of them. */
  readonly request: Type;
  readonly response: Type;
  run(outlet: Outlet): Handler;
}

/** An error of an application, whatever class is derived from it (SWILL-ERR-03, 09). */
export class ApplicationError extends Error implements GivenError {
  readonly code: number;
  // Declared only: a field of its own would be there where there is no data, too.
  declare readonly data?: unknown;

  constructor({ code, message, ...rest }: GivenError) {
    super(message);
    this.code = code;
    if ('data' in rest) this.data = rest.data;
  }
}
