import type { Role } from '../common/frame.ts';

/** Types of frames by their numbers, as clients have them (SWILL-WIRE-03). */
export const REQUEST_TYPES = ['MESSAGE', 'END_OF_STREAM', 'METADATA', 'CLOSE'] as const;

/** The same, as servers have them (SWILL-WIRE-04). */
export const RESPONSE_TYPES = ['MESSAGE', 'END_OF_STREAM', 'METADATA', 'ERROR'] as const;

/** A type of either. */
export type FrameType = (typeof REQUEST_TYPES)[number] | (typeof RESPONSE_TYPES)[number];

/** All types, by name. */
export const FRAME_TYPES = [...REQUEST_TYPES, 'ERROR'] as const;

/** The types of whoever sends. */
export function typesOf(from: Role): readonly FrameType[] {
  return from === 'client' ? REQUEST_TYPES : RESPONSE_TYPES;
}

/** Metadata: names to any values (SWILL-META-01). */
export type Metadata = Readonly<Record<string, unknown>>;

/** The number by which frames of a request are told from others on its connection. */
export type Seq = number | bigint;

interface CommonFrame {
  readonly seq: Seq;
  readonly data: unknown;
  /** Elements that were written; those that are left out have their defaults. */
  readonly elements: number;
}

/** What a client sends: `[seq, data, rpc, type, metadata]` (SWILL-WIRE-01). */
export interface RequestFrame extends CommonFrame {
  readonly from: 'client';
  readonly type: (typeof REQUEST_TYPES)[number];
  readonly rpc: string;
  readonly metadata: Metadata | null;
}

/** What a server sends: `[seq, data, type, leading, trailing]` (SWILL-WIRE-02). */
export interface ResponseFrame extends CommonFrame {
  readonly from: 'server';
  readonly type: (typeof RESPONSE_TYPES)[number];
  readonly leading: Metadata | null;
  readonly trailing: Metadata | null;
}

/** A frame of Swill, as it was read. */
export type SwillFrame = RequestFrame | ResponseFrame;

/** Fewest elements that a frame has (SWILL-WIRE-01, P2). */
export const FEWEST: Readonly<Record<Role, number>> = { client: 3, server: 2 };

/** Most elements that mean something; further ones are skipped (SWILL-WIRE-08). */
export const MOST = 5;

/** Predefined codes of errors (SWILL-ERR-02). */
export const CODES = {
  badRequest: 400,
  unauthorized: 401,
  forbidden: 403,
  notFound: 404,
  invalid: 422,
  internal: 500,
  invalidRpc: 501,
} as const;

/** The subprotocol that makes a WebSocket one of Swill (SWILL-CONN-02). */
export const SUBPROTOCOL = 'swill/1';

/** Where a server is to be found where nothing else is said (SWILL-CONN-05). */
export const ENDPOINT = '/ws';
