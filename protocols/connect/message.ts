import type { HttpField } from '../carriers/http/head.ts';
import type { ReadError } from './errors.ts';
import type { Metadata } from './metadata.ts';
import type { Value } from './schema.ts';

/** Where a frame of Connect is. */
interface Place {
  /** Which request and answer of its connection, from 0. */
  readonly exchange: number;
  /** Whether nothing of its message follows. */
  readonly last: boolean;
}

/** What stands in the query of a GET, read. */
export interface Query {
  /** Names in the order in which they stand there. */
  readonly names: readonly string[];
  readonly encoding: string | undefined;
  readonly compression: string | undefined;
  readonly base64: boolean;
  readonly connect: string | undefined;
}

/** The head of a request. */
export interface Request extends Place {
  readonly type: 'request';
  readonly method: string;
  /** The path, without the query. */
  readonly path: string;
  /** The procedure: the last two segments of the path. */
  readonly procedure: string;
  readonly target: string;
  readonly fields: readonly HttpField[];
  readonly query: Query | undefined;
  /** Of a GET whose message can be read. */
  readonly value: Value | undefined;
}

/** The head of an answer. */
export interface Response extends Place {
  readonly type: 'response';
  readonly status: number;
  readonly reason: string;
  readonly fields: readonly HttpField[];
}

/** A body that is one message: of unary calls, their errors, and whatever else answers. */
export interface Body extends Place {
  readonly type: 'body';
  /** Bytes as they were sent. */
  readonly size: number;
  /** A message of a test service, where it can be read. */
  readonly value: Value | undefined;
  /** The error of a unary answer, where it can be read as JSON. */
  readonly error: ReadError | undefined;
  /** Its JSON as it was written. */
  readonly json: unknown;
  /** Text of a body that is neither. */
  readonly text: string | undefined;
}

/** How the compression of an envelope was undone: not at all where its bytes are none, or make more than is read here. */
export type Packing = 'sound' | 'broken' | 'too-large';

/** An envelope with a message. */
export interface Message extends Place {
  readonly type: 'message';
  readonly flags: number;
  /** Bytes behind the prefix, as they were sent. */
  readonly size: number;
  readonly value: Value | undefined;
  readonly packing: Packing;
  /** Why it cannot be read. */
  readonly unread: string | undefined;
}

/** The envelope that ends an answer that is a stream. */
export interface EndOfStream extends Place {
  readonly type: 'end-of-stream';
  readonly flags: number;
  readonly error: ReadError | undefined;
  readonly metadata: Metadata;
  readonly json: unknown;
  readonly packing: Packing;
  /** Why it is none. */
  readonly unread: string | undefined;
}

/** The end of a body of chunks, with what HTTP calls trailers. */
export interface End extends Place {
  readonly type: 'end';
  readonly fields: readonly HttpField[];
}

/** What was there of a frame when its sender ended, or what is no HTTP. */
export interface Scrap extends Place {
  readonly type: 'torn' | 'broken';
  readonly size: number;
  readonly text: string;
}

/** A frame as Connect reads it. */
export type ConnectMessage = Request | Response | Body | Message | EndOfStream | End | Scrap;
