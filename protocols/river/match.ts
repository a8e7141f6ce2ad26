import { mismatchOfMembers } from '../common/match-members.ts';
import { mismatchOfPlace } from '../common/match-place.ts';
import { mismatch } from '../common/pattern.ts';
import type { MatchContext } from '../common/protocol.ts';
import { show } from '../common/show.ts';
import type { DeliveredEvent, SentEvent } from '../common/trace.ts';
import { isPlainObject } from '../common/value.ts';
import { kindOf } from './classify.ts';
import type { RiverMessage } from './message.ts';
import type { FrameKind, WirePattern } from './wire-pattern.ts';

/**
 * Matches a frame of a trace, sent or delivered, against a wire pattern. Returns undefined on a match, else the first
 * reason why not. Throws `TypeError` or `SyntaxError` where the pattern holds a malformed tag or regular expression.
 */
export function matchWire(
  pattern: WirePattern,
  event: SentEvent<RiverMessage> | DeliveredEvent<RiverMessage>,
  context: MatchContext,
): string | undefined {
  const { frame, decoded } = event;
  const kind = kindOf(frame, decoded);
  const wrongFrame = mismatchOfPlace(pattern, event, kind) ?? mismatchOfFrame(pattern, event);
  if (wrongFrame !== undefined) return wrongFrame;
  if (decoded?.ok) return mismatchOfMessage(pattern, decoded.message, kind, context);
  const needed = messageKeys.find((key) => pattern[key] !== undefined);
  return needed === undefined ? undefined : `${needed}: expected a message, got ${kind}`;
}

const messageKeys = [
  ...(['stream', 'stream-id', 'flags', 'payload', 'handshake', 'result', 'error', 'seq', 'ack', 'id'] as const),
  ...(['to', 'sender', 'service', 'procedure', 'tracing'] as const),
];

function mismatchOfFrame(pattern: WirePattern, { frame }: SentEvent | DeliveredEvent): string | undefined {
  if (pattern.text !== undefined) {
    if (frame.class !== 'data') return `text: expected a message frame, got ${frame.kind}`;
    if (frame.text !== pattern.text) return `text: expected a ${pattern.text ? 'text' : 'binary'} frame`;
  }
  if (pattern.code === undefined) return undefined;
  return frame.class === 'closing' ? mismatch(pattern.code, frame.code, 'code') : `code: expected a close frame, got ${frame.kind}`;
}

function mismatchOfMessage(pattern: WirePattern, message: RiverMessage, kind: FrameKind, context: MatchContext): string | undefined {
  if (pattern.stream !== undefined) {
    const streamId = context.streamOf(pattern.stream);
    if (streamId === undefined) return `stream: ${pattern.stream} was not seen on the wire yet`;
    if (streamId !== message.streamId) return `stream: expected ${pattern.stream} (${streamId}), got ${message.streamId}`;
  }
  const members = {
    'stream-id': message.streamId,
    flags: message.controlFlags,
    seq: message.seq,
    ack: message.ack,
    id: message.id,
    to: message.to,
    sender: message.from,
    service: message.serviceName,
    procedure: message.procedureName,
    tracing: message.tracing,
    payload: message.payload,
  };
  return mismatchOfMembers(pattern, Object.keys(members), members) ?? mismatchOfShorthand(pattern, message.payload, kind);
}

function mismatchOfShorthand(pattern: WirePattern, payload: unknown, kind: FrameKind): string | undefined {
  if (pattern.handshake !== undefined) {
    if (kind !== 'handshake-request' && kind !== 'handshake-response') return `handshake: got ${kind}`;
    const body = kind === 'handshake-request' ? payload : member(payload, 'status');
    const reason = mismatch(pattern.handshake, body, 'handshake');
    if (reason !== undefined) return reason;
  }
  if (pattern.result !== undefined) {
    if (kind !== 'data' || member(payload, 'ok') !== true)
      return `result: expected {ok: true} in a data frame, got ${kind} ${show(payload)}`;
    const reason = mismatch(pattern.result, member(payload, 'payload'), 'result');
    if (reason !== undefined) return reason;
  }
  if (pattern.error === undefined) return undefined;
  if (member(payload, 'ok') !== false) return `error: expected {ok: false}, got ${show(payload)}`;
  return mismatch(pattern.error, member(payload, 'payload'), 'error');
}

function member(value: unknown, key: string): unknown {
  return isPlainObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}
