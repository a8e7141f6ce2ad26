import { headPatterns, mismatchOfHead } from '../carriers/websocket/heads.ts';
import { bodyLength } from '../common/frame.ts';
import { mismatchOfCall, mismatchOfMembers } from '../common/match-members.ts';
import { mismatchOfPlace } from '../common/match-place.ts';
import { mismatch } from '../common/pattern.ts';
import type { MatchContext } from '../common/protocol.ts';
import type { DeliveredEvent, SentEvent } from '../common/trace.ts';
import { isPlainObject } from '../common/value.ts';
import { kindOf } from './classify.ts';
import type { SwillFrame } from './frame.ts';
import { reference } from './reference.ts';
import type { WirePattern } from './wire-pattern.ts';

/**
 * Matches a frame of a trace, sent or delivered, against a wire pattern. Returns undefined on a match, else the first reason why not.
 * Throws `TypeError` or `SyntaxError` where the pattern holds a malformed tag or regular expression.
 */
export function matchWire(
  pattern: WirePattern,
  event: SentEvent<SwillFrame> | DeliveredEvent<SwillFrame>,
  context: MatchContext,
): string | undefined {
  const { frame, decoded } = event;
  const kind = kindOf(frame, decoded);
  const elsewhere = mismatchOfPlace(pattern, event, kind) ?? mismatchOfHead(pattern, frame.class === 'opening' ? frame.data : undefined);
  if (elsewhere !== undefined) return elsewhere;
  if (pattern.length !== undefined) {
    const reason = frame.class === 'data' ? mismatch(pattern.length, bodyLength(frame), 'length') : `length: got ${kind}`;
    if (reason !== undefined) return reason;
  }
  const message = decoded?.ok ? decoded.message : undefined;
  const here = () => [message === undefined ? kind : reference(event.connection, message.seq)];
  const otherCall = mismatchOfCall(pattern.call, here, context);
  if (otherCall !== undefined) return otherCall;
  const needed = Object.keys(pattern).filter((key) => !SAID.has(key));
  if (needed.length === 0) return undefined;
  const members = message === undefined ? membersOfOther(event) : membersOf(message);
  if (members === undefined) return `${needed[0]}: expected a frame that can be read, got ${kind}`;
  return mismatchOfMembers(pattern, needed, members);
}

/** Keys that are looked at before the members of a frame are. */
const SAID: ReadonlySet<string> = new Set(['from', 'kind', 'call', 'connection', 'length', ...Object.keys(headPatterns)]);

function membersOf(message: SwillFrame): Readonly<Record<string, unknown>> {
  const { seq, data, elements } = message;
  const common = { seq, data, elements };
  if (message.from === 'client') return { ...common, rpc: message.rpc, metadata: message.metadata ?? undefined };
  const error =
    message.type === 'ERROR' && isPlainObject(data) ? { code: data['code'], message: data['message'], extras: data['data'] } : {};
  return { ...common, ...error, leading: message.leading ?? undefined, trailing: message.trailing ?? undefined };
}

function membersOfOther({ frame }: SentEvent<SwillFrame> | DeliveredEvent<SwillFrame>): Readonly<Record<string, unknown>> | undefined {
  if (frame.class === 'closing') return { code: frame.code, reason: frame.reason };
  return frame.class === 'upkeep' ? { data: Buffer.from(frame.data).toString('utf8') } : undefined;
}
