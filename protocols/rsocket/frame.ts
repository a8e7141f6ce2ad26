/** Frame types by name, with the number that the header carries (notes, section 1). */
export const FRAME_TYPES = {
  SETUP: 0x01,
  LEASE: 0x02,
  KEEPALIVE: 0x03,
  REQUEST_RESPONSE: 0x04,
  REQUEST_FNF: 0x05,
  REQUEST_STREAM: 0x06,
  REQUEST_CHANNEL: 0x07,
  REQUEST_N: 0x08,
  CANCEL: 0x09,
  PAYLOAD: 0x0a,
  ERROR: 0x0b,
  METADATA_PUSH: 0x0c,
  RESUME: 0x0d,
  RESUME_OK: 0x0e,
  EXT: 0x3f,
} as const;

/** Name of a frame type of the table. */
export type FrameType = keyof typeof FRAME_TYPES;

/** Bits of the flags; C, N, R and L share bits between types. */
export const FLAG = {
  /** Skip the frame where its type is not known. */
  IGNORE: 0x200,
  METADATA: 0x100,
  /** More fragments follow (REQUEST_*, PAYLOAD). */
  FOLLOWS: 0x80,
  /** A resume token follows (SETUP). */
  RESUME: 0x80,
  /** Wants an answer (KEEPALIVE). */
  RESPOND: 0x80,
  COMPLETE: 0x40,
  /** Leases are honoured (SETUP). */
  LEASE: 0x40,
  NEXT: 0x20,
} as const;

/** Flags that each type defines (RSOCKET-FRAME-07). */
export const DEFINED_FLAGS: Readonly<Record<FrameType, number>> = {
  SETUP: FLAG.METADATA | FLAG.RESUME | FLAG.LEASE,
  LEASE: FLAG.METADATA,
  KEEPALIVE: FLAG.RESPOND,
  REQUEST_RESPONSE: FLAG.METADATA | FLAG.FOLLOWS,
  REQUEST_FNF: FLAG.METADATA | FLAG.FOLLOWS,
  REQUEST_STREAM: FLAG.METADATA | FLAG.FOLLOWS,
  REQUEST_CHANNEL: FLAG.METADATA | FLAG.FOLLOWS | FLAG.COMPLETE,
  REQUEST_N: 0,
  CANCEL: 0,
  PAYLOAD: FLAG.METADATA | FLAG.FOLLOWS | FLAG.COMPLETE | FLAG.NEXT,
  ERROR: 0,
  METADATA_PUSH: FLAG.METADATA,
  RESUME: 0,
  RESUME_OK: 0,
  EXT: FLAG.IGNORE | FLAG.METADATA,
};

/** Bytes of a header: stream id, type and flags. */
export const HEADER_BYTES = 6;

/** Longest frame on every carrier (RSOCKET-FRAME-03). */
export const LARGEST_FRAME = 0xff_ff_ff;

/** Largest 31-bit number: credit without limit, the highest stream id. */
export const MAX_31 = 0x7f_ff_ff_ff;

/** The protocol version that is spoken here (RSOCKET-SETUP-02). */
export const VERSION = { major: 1, minor: 0 } as const;

/** Fields whose top bit is reserved. */
export type ReservedField =
  | 'streamId'
  | 'keepaliveMs'
  | 'lifetimeMs'
  | 'ttlMs'
  | 'requests'
  | 'n'
  | 'position'
  | 'serverPosition'
  | 'clientPosition'
  | 'extendedType';

/** What every frame has. */
export interface FrameBase {
  /** 31 bits; 0 is the connection. */
  readonly streamId: number;
  /** 10 bits, as they were on the wire. */
  readonly flags: number;
  /** Fields whose reserved top bit is set; their values are given without it (RSOCKET-FRAME-09). */
  readonly reserved: readonly ReservedField[];
  /** Undefined where there is none, which is not the same as empty (RSOCKET-FRAME-11). */
  readonly metadata: Uint8Array | undefined;
  /** What is left behind all other parts; for types without data, bytes that should not be there. */
  readonly data: Uint8Array;
}

/** Opens a connection. */
export interface SetupFrame extends FrameBase {
  readonly type: 'SETUP';
  readonly major: number;
  readonly minor: number;
  readonly keepaliveMs: number;
  readonly lifetimeMs: number;
  /** Present with the flag R. */
  readonly token: Uint8Array | undefined;
  /** A character a byte. */
  readonly metadataMime: string;
  readonly dataMime: string;
}

/** Permits requests for a time. */
export interface LeaseFrame extends FrameBase {
  readonly type: 'LEASE';
  readonly ttlMs: number;
  readonly requests: number;
}

/** Says that its sender lives, and what it has received. */
export interface KeepaliveFrame extends FrameBase {
  readonly type: 'KEEPALIVE';
  readonly position: Position;
}

/** Requests without credit. */
export interface RequestFrame extends FrameBase {
  readonly type: 'REQUEST_RESPONSE' | 'REQUEST_FNF';
}

/** Requests with a first credit. */
export interface CreditedRequestFrame extends FrameBase {
  readonly type: 'REQUEST_STREAM' | 'REQUEST_CHANNEL';
  readonly n: number;
}

/** Adds credit. */
export interface RequestNFrame extends FrameBase {
  readonly type: 'REQUEST_N';
  readonly n: number;
}

/** Frames that have nothing but what every frame has. */
export interface PlainFrame extends FrameBase {
  readonly type: 'CANCEL' | 'PAYLOAD' | 'METADATA_PUSH';
}

/** Ends a stream, or the connection; the text is in `data`. */
export interface ErrorFrame extends FrameBase {
  readonly type: 'ERROR';
  /** 32 bits. */
  readonly code: number;
}

/** Takes a session up again. */
export interface ResumeFrame extends FrameBase {
  readonly type: 'RESUME';
  readonly major: number;
  readonly minor: number;
  readonly token: Uint8Array;
  /** Bytes of tracked frames that its sender has received from the server. */
  readonly serverPosition: Position;
  /** The first byte that its sender can send again. */
  readonly clientPosition: Position;
}

/** Accepts that. */
export interface ResumeOkFrame extends FrameBase {
  readonly type: 'RESUME_OK';
  readonly position: Position;
}

/** An extension. */
export interface ExtFrame extends FrameBase {
  readonly type: 'EXT';
  readonly extendedType: number;
}

/** A type that the table does not have; the body is in `data`. */
export interface UnknownFrame extends FrameBase {
  readonly type: 'UNKNOWN';
  /** 6 bits. */
  readonly typeCode: number;
}

/** 63 bits: a number where it is exact, else a big integer. */
export type Position = number | bigint;

/** One frame, conforming or not. */
export type RSocketFrame =
  | SetupFrame
  | LeaseFrame
  | KeepaliveFrame
  | RequestFrame
  | CreditedRequestFrame
  | RequestNFrame
  | PlainFrame
  | ErrorFrame
  | ResumeFrame
  | ResumeOkFrame
  | ExtFrame
  | UnknownFrame;

/** Types that open a stream. */
export type RequestType = (RequestFrame | CreditedRequestFrame)['type'];

/** Whether a frame opens a stream. */
export function isRequest(frame: RSocketFrame): frame is RequestFrame | CreditedRequestFrame {
  switch (frame.type) {
    case 'REQUEST_RESPONSE':
    case 'REQUEST_FNF':
    case 'REQUEST_STREAM':
    case 'REQUEST_CHANNEL':
      return true;
    default:
      return false;
  }
}

/** Whether a flag is set. */
export function has(frame: Pick<FrameBase, 'flags'>, flag: number): boolean {
  return (frame.flags & flag) !== 0;
}

/** Whether a frame carries a request or an item, or a fragment of one (RSOCKET-FRAG-01). */
export function isRequestOrPayload(frame: RSocketFrame): boolean {
  return frame.type === 'PAYLOAD' || isRequest(frame);
}

/** Whether a frame says that its sender sends no more items: C, which only PAYLOAD and REQUEST_CHANNEL have (RSOCKET-FRAME-07). */
export function completes(frame: RSocketFrame): boolean {
  return (frame.type === 'PAYLOAD' || frame.type === 'REQUEST_CHANNEL') && has(frame, FLAG.COMPLETE);
}

/** Whether more fragments of what a request or item carries are to come: F, unless C on a PAYLOAD says that none is (RSOCKET-PAYLOAD-02). */
export function follows(frame: RSocketFrame): boolean {
  return isRequestOrPayload(frame) && has(frame, FLAG.FOLLOWS) && !(frame.type === 'PAYLOAD' && completes(frame));
}

/** Whether a frame counts for positions (RSOCKET-RESUME-04). */
export function isTracked(frame: RSocketFrame): boolean {
  if (frame.streamId === 0) return false;
  switch (frame.type) {
    case 'REQUEST_RESPONSE':
    case 'REQUEST_FNF':
    case 'REQUEST_STREAM':
    case 'REQUEST_CHANNEL':
    case 'REQUEST_N':
    case 'CANCEL':
    case 'PAYLOAD':
    case 'ERROR':
      return true;
    default:
      return false;
  }
}
