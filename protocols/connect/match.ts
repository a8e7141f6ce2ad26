import { joinedValue } from '../carriers/http/head.ts';
import { mismatchOfCall, mismatchOfMembers } from '../common/match-members.ts';
import { mismatchOfPlace } from '../common/match-place.ts';
import { mismatch } from '../common/pattern.ts';
import type { MatchContext } from '../common/protocol.ts';
import type { DeliveredEvent, SentEvent } from '../common/trace.ts';
import { kindOf } from './classify.ts';
import { shownError } from './errors.ts';
import type { ConnectMessage } from './message.ts';
import { reference } from './reference.ts';
import type { WirePattern } from './wire-pattern.ts';

/**
 * Matches a frame of a trace, sent or delivered, against a wire pattern. Returns undefined on a match, else the first reason why not.
 * Throws `TypeError` or `SyntaxError` where the pattern holds a malformed tag or regular expression.
 */
export function matchWire(
  pattern: WirePattern,
  event: SentEvent<ConnectMessage> | DeliveredEvent<ConnectMessage>,
  context: MatchContext,
): string | undefined {
  const kind = kindOf(event.frame, event.decoded);
  const elsewhere = mismatchOfPlace(pattern, event, kind);
  if (elsewhere !== undefined) return elsewhere;
  const needed = Object.keys(pattern).find((key) => !['from', 'connection', 'kind'].includes(key));
  if (needed === undefined) return undefined;
  if (event.decoded === undefined || !event.decoded.ok) return `${needed}: expected a frame that can be read, got ${kind}`;
  const { message } = event.decoded;
  const otherCall = mismatchOfCall(pattern.call, () => [reference(event.connection, message.exchange)], context);
  if (otherCall !== undefined) return otherCall;
  if (pattern.last !== undefined && pattern.last !== message.last) return `last: expected ${pattern.last}`;
  const otherwise = mismatchOfMembers(pattern, MEMBERS, membersOf(message));
  if (otherwise !== undefined) return otherwise;
  for (const [name, wanted] of Object.entries(pattern.headers ?? {})) {
    if (message.type !== 'request' && message.type !== 'response') return `headers: expected a head, got ${kind}`;
    const reason = mismatch(wanted, joinedValue(message.fields, name), `headers.${name}`);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

const MEMBERS = [
  ...(['exchange', 'method', 'path', 'target', 'query', 'status', 'flags', 'size', 'value', 'error', 'metadata', 'json', 'text'] as const),
  'trailers',
] as const;

function membersOf(message: ConnectMessage): Readonly<Record<string, unknown>> {
  switch (message.type) {
    case 'body':
    case 'end-of-stream':
      return { ...message, error: message.error === undefined ? undefined : shownError(message.error) };
    case 'end':
      return { ...message, trailers: message.fields.map(({ name }) => name.toLowerCase()) };
    default:
      return { ...message };
  }
}
