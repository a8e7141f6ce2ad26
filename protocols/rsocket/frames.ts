import { errorCode } from './error-codes.ts';
import {
  type ErrorFrame,
  FLAG,
  type KeepaliveFrame,
  type LeaseFrame,
  type PlainFrame,
  type Position,
  type RequestNFrame,
  type RequestType,
  type ResumeFrame,
  type ResumeOkFrame,
  type RSocketFrame,
  type SetupFrame,
  VERSION,
} from './frame.ts';

/** Data and metadata of one item. Metadata that is missing is not the same as empty metadata. */
export interface Payload {
  readonly data: Uint8Array;
  readonly metadata: Uint8Array | undefined;
}

const EMPTY = new Uint8Array();

/** Nothing but what every frame has. */
const blank = { reserved: [], metadata: undefined, data: EMPTY } as const;

/** A payload of nothing. */
export const emptyPayload: Payload = { data: EMPTY, metadata: undefined };

/** What a SETUP announces. */
export interface SetupParts extends Payload {
  readonly keepaliveMs: number;
  readonly lifetimeMs: number;
  readonly token: Uint8Array | undefined;
  readonly lease: boolean;
  readonly metadataMime: string;
  readonly dataMime: string;
}

/** A SETUP of this version. */
export function setupFrame({ lease, ...parts }: SetupParts): SetupFrame {
  const flags = mFlag(parts) | (parts.token === undefined ? 0 : FLAG.RESUME) | (lease ? FLAG.LEASE : 0);
  return { type: 'SETUP', streamId: 0, flags, reserved: [], ...VERSION, ...parts };
}

/** A LEASE without metadata. */
export function leaseFrame(ttlMs: number, requests: number): LeaseFrame {
  return { ...blank, type: 'LEASE', streamId: 0, flags: 0, ttlMs, requests };
}

/** A KEEPALIVE; `respond` asks for an answer. */
export function keepaliveFrame(respond: boolean, position: Position, data: Uint8Array): KeepaliveFrame {
  return { ...blank, type: 'KEEPALIVE', streamId: 0, flags: respond ? FLAG.RESPOND : 0, position, data };
}

/** Opens a stream, whole. `n` and `complete` belong to the types that have them. */
export function requestFrame(type: RequestType, streamId: number, payload: Payload, n: number, complete: boolean): RSocketFrame {
  const base = { streamId, reserved: [], flags: mFlag(payload), ...payload };
  switch (type) {
    case 'REQUEST_RESPONSE':
    case 'REQUEST_FNF':
      return { type, ...base };
    case 'REQUEST_STREAM':
      return { type, ...base, n };
    case 'REQUEST_CHANNEL':
      return { type, ...base, n, flags: base.flags | (complete ? FLAG.COMPLETE : 0) };
  }
}

/** An item, the last one where `complete`. */
export function itemFrame(streamId: number, payload: Payload, complete: boolean): PlainFrame {
  const flags = mFlag(payload) | FLAG.NEXT | (complete ? FLAG.COMPLETE : 0);
  return { type: 'PAYLOAD', streamId, flags, reserved: [], ...payload };
}

/** The end of one direction, without an item. */
export function completeFrame(streamId: number): PlainFrame {
  return { ...blank, type: 'PAYLOAD', streamId, flags: FLAG.COMPLETE };
}

/** More credit. */
export function requestNFrame(streamId: number, n: number): RequestNFrame {
  return { ...blank, type: 'REQUEST_N', streamId, flags: 0, n };
}

/** The reader wants no more. */
export function cancelFrame(streamId: number): PlainFrame {
  return { ...blank, type: 'CANCEL', streamId, flags: 0 };
}

/** The end of a stream, or of the connection with id 0. `code` is a name, `0x…` or the number. Throws an Error on other texts. */
export function errorFrame(streamId: number, code: string | number, text: string): ErrorFrame {
  const number = typeof code === 'number' ? code : errorCode(code);
  if (number === undefined) throw new Error(`there is no error code ${JSON.stringify(code)}`);
  return { ...blank, type: 'ERROR', streamId, flags: 0, code: number, data: new TextEncoder().encode(text) };
}

/** Metadata for the other application, about no stream. */
export function metadataPushFrame(metadata: Uint8Array): PlainFrame {
  return { ...blank, type: 'METADATA_PUSH', streamId: 0, flags: FLAG.METADATA, metadata };
}

/** Asks to go on with a session. */
export function resumeFrame(token: Uint8Array, serverPosition: Position, clientPosition: Position): ResumeFrame {
  return { ...blank, type: 'RESUME', streamId: 0, flags: 0, ...VERSION, token, serverPosition, clientPosition };
}

/** Goes on with it. */
export function resumeOkFrame(position: Position): ResumeOkFrame {
  return { ...blank, type: 'RESUME_OK', streamId: 0, flags: 0, position };
}

function mFlag({ metadata }: Payload): number {
  return metadata === undefined ? 0 : FLAG.METADATA;
}
