/** Control flag bits (PROTOCOL.md, "Clients, servers, and RPCs"). */
export const ACK = 1;
/** First message of a stream. */
export const OPEN = 2;
/** Abrupt end of a stream in both directions. */
export const CANCEL = 4;
/** Last message of its sender on a stream. */
export const CLOSED = 8;

/** Stream ids that are not streams. */
export const HEARTBEAT_STREAM = 'heartbeat';
/** The reserved stream of re-handshakes (RIVER-REHS-03). */
export const REHANDSHAKE_STREAM = 'rehandshake';

/** The protocol version this package speaks (RIVER-HS-03). */
export const PROTOCOL_VERSION = 'v2.0';

/** Distributed tracing context; both members or none of the map (RIVER-MSG-16). */
export interface Tracing {
  readonly traceparent: string;
  readonly tracestate: string;
}

/** The envelope of every message (RIVER-MSG-01). Unknown further keys are tolerated and not kept. */
export interface RiverMessage {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly seq: number;
  readonly ack: number;
  readonly streamId: string;
  readonly controlFlags: number;
  readonly serviceName?: string;
  readonly procedureName?: string;
  readonly tracing?: Tracing;
  readonly payload: unknown;
}

/** What both ends expect of a session when it is resumed (RIVER-HS-04). */
export interface ExpectedSessionState {
  readonly nextExpectedSeq: number;
  readonly nextSentSeq: number;
}

/** Payload of a handshake request. */
export interface HandshakeRequest {
  readonly type: 'HANDSHAKE_REQ';
  readonly protocolVersion: string;
  readonly sessionId: string;
  readonly expectedSessionState: ExpectedSessionState;
  readonly metadata?: unknown;
}

/** Codes with which a server refuses a handshake. Only SESSION_STATE_MISMATCH is retriable (RIVER-HS-20, RIVER-HS-21). */
export type HandshakeErrorCode =
  | 'SESSION_STATE_MISMATCH'
  | 'MALFORMED_HANDSHAKE'
  | 'MALFORMED_HANDSHAKE_META'
  | 'PROTOCOL_VERSION_MISMATCH'
  | 'REJECTED_BY_CUSTOM_HANDLER'
  | 'REJECTED_UNSUPPORTED_CLIENT';

/** Payload of a handshake response. */
export interface HandshakeResponse {
  readonly type: 'HANDSHAKE_RESP';
  readonly status:
    | { readonly ok: true; readonly sessionId: string }
    | { readonly ok: false; readonly code: HandshakeErrorCode; readonly reason: string };
}

/** Payload of an error result. */
export interface RiverError {
  readonly code: string;
  readonly message: string;
  readonly extras?: unknown;
}

/** A response payload (RIVER-MSG-14). */
export type Result = { readonly ok: true; readonly payload: unknown } | { readonly ok: false; readonly payload: RiverError };

/** Procedure kinds. */
export type ProcedureKind = 'rpc' | 'stream' | 'upload' | 'subscription';

/** Reserved codes of errors that travel with the cancel bit (RIVER-MSG-13). */
export type ProtocolErrorCode = 'CANCEL' | 'UNCAUGHT_ERROR' | 'INVALID_REQUEST';

/** Code of the error that both ends make locally when a session dies (RIVER-ERR-17). */
export const UNEXPECTED_DISCONNECT = 'UNEXPECTED_DISCONNECT';

/** Nominal defaults in ms and counts (notes, section 10). */
export const DEFAULT_TIMERS = {
  heartbeatIntervalMs: 1000,
  heartbeatsUntilDead: 2,
  sessionDisconnectGraceMs: 5000,
  connectionTimeoutMs: 2000,
  handshakeTimeoutMs: 1000,
  baseIntervalMs: 150,
  maxJitterMs: 200,
  maxBackoffMs: 32_000,
  attemptBudgetCapacity: 5,
  budgetRestoreIntervalMs: 200,
} as const;

/** Names of the timers that are counts (never scaled). */
export const COUNTS = ['heartbeatsUntilDead', 'attemptBudgetCapacity'] as const;

/** River's timers in ms and counts, complete. */
export type RiverTimers = { readonly [K in keyof typeof DEFAULT_TIMERS]: number };
