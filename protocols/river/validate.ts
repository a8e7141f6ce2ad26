import type { MessageFrame } from '../common/frame.ts';
import type { Meter } from '../common/limits.ts';
import type { Decoded } from '../common/trace.ts';
import { isPlainObject } from '../common/value.ts';
import { DecodingError, decodeMessage } from './codec.ts';
import type {
  HandshakeErrorCode,
  HandshakeRequest,
  HandshakeResponse,
  ProtocolErrorCode,
  Result,
  RiverMessage,
  Tracing,
} from './message.ts';
import { ACK, REHANDSHAKE_STREAM } from './message.ts';

/** Codes that a handshake response may refuse with (RIVER-HS-20 to -22). */
export const handshakeErrorCodes: readonly HandshakeErrorCode[] = [
  'SESSION_STATE_MISMATCH',
  'MALFORMED_HANDSHAKE',
  'MALFORMED_HANDSHAKE_META',
  'PROTOCOL_VERSION_MISMATCH',
  'REJECTED_BY_CUSTOM_HANDLER',
  'REJECTED_UNSUPPORTED_CLIENT',
];

/** Codes that may travel with the cancel bit (RIVER-MSG-13). */
export const protocolErrorCodes: readonly ProtocolErrorCode[] = ['CANCEL', 'UNCAUGHT_ERROR', 'INVALID_REQUEST'];

/**
 * Reads a message frame as a receiver must: text frames, undecodable bytes and incomplete envelopes are no messages
 * (RIVER-CODEC-02, -11, RIVER-MSG-01, -02, -16, -18). `meter` counts its values. Never throws.
 */
export function readMessage(frame: MessageFrame, codec: string, meter?: Meter): Decoded<RiverMessage> {
  if (frame.text) return inTextFrame(readMessage({ ...frame, text: false }, codec, meter));
  try {
    return readEnvelope(decodeMessage(frame.data, codec, meter));
  } catch (error) {
    if (error instanceof DecodingError) return unreadable(error);
    throw error;
  }
}

/** Only a custom refuses a message for the kind of its frame (RIVER-CODEC-02); what is no message in any frame is refused for that. */
function inTextFrame(read: Decoded<RiverMessage>): Decoded<RiverMessage> {
  const error = 'a text frame; River messages travel in binary frames';
  if (read.ok || read.custom !== undefined) return { ok: false, error, custom: 'RIVER-CODEC-02' };
  return { ok: false, error: `${error}, and its text is no message: ${read.error}` };
}

function unreadable({ message, custom }: DecodingError): Decoded<RiverMessage> {
  return { ok: false, error: message, ...(custom === undefined ? {} : { custom }) };
}

/** Checks the envelope of a decoded value; unknown keys are dropped (RIVER-MSG-17). */
export function readEnvelope(value: unknown): Decoded<RiverMessage> {
  if (!isPlainObject(value)) return { ok: false, error: 'the root is not a map' };
  const wrong = (key: string, wanted: string, custom?: string): Decoded<RiverMessage> => ({
    ok: false,
    error: Object.hasOwn(value, key) ? `${key} is not ${wanted}` : `${key} is missing`,
    ...(custom === undefined ? {} : { custom }),
  });
  // Read often, so without intermediate objects. No plain object inherits any of these names.
  const { id, from, to, seq, ack, streamId, controlFlags, serviceName, procedureName, tracing, payload } = value;
  if (typeof id !== 'string') return wrong('id', 'a string');
  if (typeof from !== 'string') return wrong('from', 'a string');
  if (typeof to !== 'string') return wrong('to', 'a string');
  if (!isInteger(seq)) return wrong('seq', 'an integer');
  if (!isInteger(ack)) return wrong('ack', 'an integer');
  if (typeof streamId !== 'string') return wrong('streamId', 'a string');
  if (!isInteger(controlFlags)) return wrong('controlFlags', 'an integer');
  if (serviceName !== undefined && typeof serviceName !== 'string') return wrong('serviceName', 'a string', 'RIVER-MSG-02');
  if (procedureName !== undefined && typeof procedureName !== 'string') return wrong('procedureName', 'a string', 'RIVER-MSG-02');
  if (tracing !== undefined && !isTracing(tracing))
    return wrong('tracing', 'a map with strings traceparent and tracestate', 'RIVER-MSG-16');
  if (payload === undefined && !Object.hasOwn(value, 'payload')) return wrong('payload', 'a value', 'RIVER-MSG-18');
  const message: { -readonly [key in keyof RiverMessage]: RiverMessage[key] } = { id, from, to, seq, ack, streamId, controlFlags, payload };
  if (serviceName !== undefined) message.serviceName = serviceName;
  if (procedureName !== undefined) message.procedureName = procedureName;
  if (tracing !== undefined) message.tracing = tracing;
  return { ok: true, message };
}

/** True for a payload that a server may accept as a handshake request (RIVER-HS-03, RIVER-HS-08). */
export function isHandshakeRequest(payload: unknown): payload is HandshakeRequest {
  if (!isPlainObject(payload) || payload['type'] !== 'HANDSHAKE_REQ') return false;
  const state = payload['expectedSessionState'];
  return (
    typeof payload['protocolVersion'] === 'string' &&
    typeof payload['sessionId'] === 'string' &&
    isPlainObject(state) &&
    isInteger(state['nextExpectedSeq']) &&
    isInteger(state['nextSentSeq'])
  );
}

/** True for a payload that a client may accept as a handshake response, ok or refusal (RIVER-HS-22). */
export function isHandshakeResponse(payload: unknown): payload is HandshakeResponse {
  if (!isPlainObject(payload) || payload['type'] !== 'HANDSHAKE_RESP') return false;
  const status = payload['status'];
  if (!isPlainObject(status)) return false;
  if (status['ok'] === true) return typeof status['sessionId'] === 'string';
  return status['ok'] === false && typeof status['reason'] === 'string' && oneOf(handshakeErrorCodes, status['code']);
}

/** True for the payload with which a side closes its direction without data (RIVER-MSG-12). */
export function isCloseControl(payload: unknown): boolean {
  return isPlainObject(payload) && payload['type'] === 'CLOSE';
}

/** True for a response payload: `{ok: true, payload}` or an error with string code and message (RIVER-MSG-14, RIVER-ERR-16). */
export function isResult(payload: unknown): payload is Result {
  if (!isPlainObject(payload) || !Object.hasOwn(payload, 'payload')) return false;
  if (payload['ok'] === true) return true;
  const error = payload['payload'];
  return payload['ok'] === false && isPlainObject(error) && typeof error['code'] === 'string' && typeof error['message'] === 'string';
}

/** True for the payload of a well-formed cancel: an error result with a reserved code (RIVER-MSG-13). */
export function isProtocolError(payload: unknown): payload is Extract<Result, { ok: false }> {
  return isResult(payload) && !payload.ok && oneOf(protocolErrorCodes, payload.payload.code);
}

/** True where receivers take a message as a heartbeat: by its ack bit, whatever else is set (RIVER-MSG-07). */
export function isHeartbeat(message: Pick<RiverMessage, 'controlFlags'>): boolean {
  return (message.controlFlags & ACK) !== 0;
}

/** True for the messages of re-handshakes, which never reach the router (RIVER-REHS-03). */
export function isRehandshake(message: RiverMessage): boolean {
  return message.streamId === REHANDSHAKE_STREAM && !isHeartbeat(message);
}

function isTracing(value: unknown): value is Tracing {
  return isPlainObject(value) && typeof value['traceparent'] === 'string' && typeof value['tracestate'] === 'string';
}

function isInteger(value: unknown): value is number {
  return Number.isInteger(value);
}

function oneOf(codes: readonly string[], code: unknown): boolean {
  return typeof code === 'string' && codes.includes(code);
}
