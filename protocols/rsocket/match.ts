import { bodyLength } from '../common/frame.ts';
import { mismatchOfCall, mismatchOfMembers } from '../common/match-members.ts';
import { mismatchOfPlace } from '../common/match-place.ts';
import { mismatch } from '../common/pattern.ts';
import type { MatchContext } from '../common/protocol.ts';
import type { DeliveredEvent, SentEvent } from '../common/trace.ts';
import { kindOf } from './classify.ts';
import { errorName } from './error-codes.ts';
import { FLAG, has, type RSocketFrame } from './frame.ts';
import { readRequestMetadata } from './metadata.ts';
import { reference } from './reference.ts';
import { readValue } from './value.ts';
import type { WirePattern } from './wire-pattern.ts';

/**
 * Matches a frame of a trace, sent or delivered, against a wire pattern. Returns undefined on a match, else the first reason why not.
 * Throws `TypeError` or `SyntaxError` where the pattern holds a malformed tag or regular expression.
 */
export function matchWire(
  pattern: WirePattern,
  event: SentEvent<RSocketFrame> | DeliveredEvent<RSocketFrame>,
  context: MatchContext,
): string | undefined {
  const { frame, decoded } = event;
  const kind = kindOf(frame, decoded);
  const elsewhere = mismatchOfPlace(pattern, event, kind);
  if (elsewhere !== undefined) return elsewhere;
  if (pattern.length !== undefined) {
    const reason = frame.class === 'data' ? mismatch(pattern.length, bodyLength(frame), 'length') : `length: got ${kind}`;
    if (reason !== undefined) return reason;
  }
  if (decoded?.ok) return mismatchOfFrame(pattern, decoded.message, event.connection, context);
  const shown = frame.class === 'upkeep' ? { data: readValue(frame.data) } : {};
  const needed = Object.keys(pattern).find((key) => !['from', 'connection', 'kind', 'length', ...Object.keys(shown)].includes(key));
  return needed === undefined ? mismatchOfMembers(pattern, ['data'], shown) : `${needed}: expected a frame, got ${kind}`;
}

const flagKeys = {
  ignore: FLAG.IGNORE,
  follows: FLAG.FOLLOWS,
  complete: FLAG.COMPLETE,
  next: FLAG.NEXT,
  respond: FLAG.RESPOND,
  resume: FLAG.RESUME,
  lease: FLAG.LEASE,
} as const;

function mismatchOfFrame(pattern: WirePattern, frame: RSocketFrame, connection: number, context: MatchContext): string | undefined {
  const otherCall = mismatchOfCall(pattern.call, () => [reference(connection, frame.streamId)], context);
  if (otherCall !== undefined) return otherCall;
  for (const [key, bit] of Object.entries(flagKeys) as [keyof typeof flagKeys, number][]) {
    const wanted = pattern[key];
    if (wanted !== undefined && wanted !== has(frame, bit)) return `${key}: expected the flag to be ${wanted ? 'set' : 'clear'}`;
  }
  const { route, own } = readRequestMetadata(frame.metadata);
  const members: Readonly<Record<string, unknown>> = {
    id: frame.streamId,
    flags: frame.flags,
    data: readValue(frame.data),
    metadata: frame.metadata === undefined ? undefined : readValue(frame.metadata),
    route,
    own: own === undefined ? undefined : readValue(own),
    ...membersOf(frame),
  };
  return mismatchOfMembers(pattern, memberKeys, members);
}

const memberKeys = [
  ...([
    'id',
    'flags',
    'n',
    'code',
    'text',
    'data',
    'metadata',
    'route',
    'own',
    'major',
    'minor',
    'keepalive',
    'lifetime',
    'token',
  ] as const),
  ...(['metadata-mime', 'data-mime', 'ttl', 'requests', 'position', 'server-position', 'client-position'] as const),
  ...(['extended-type', 'type-code'] as const),
];

/** What the type of a frame has beside the rest, under the words of patterns. */
function membersOf(frame: RSocketFrame): Readonly<Record<string, unknown>> {
  switch (frame.type) {
    case 'SETUP': {
      const { major, minor, keepaliveMs: keepalive, lifetimeMs: lifetime, token } = frame;
      const mimes = { 'metadata-mime': frame.metadataMime, 'data-mime': frame.dataMime };
      return { major, minor, keepalive, lifetime, token: token === undefined ? undefined : readValue(token), ...mimes };
    }
    case 'LEASE':
      return { ttl: frame.ttlMs, requests: frame.requests };
    case 'KEEPALIVE':
    case 'RESUME_OK':
      return { position: frame.position };
    case 'REQUEST_STREAM':
    case 'REQUEST_CHANNEL':
    case 'REQUEST_N':
      return { n: frame.n };
    case 'ERROR':
      return { code: errorName(frame.code), text: readValue(frame.data) };
    case 'RESUME': {
      const positions = { 'server-position': frame.serverPosition, 'client-position': frame.clientPosition };
      return { major: frame.major, minor: frame.minor, token: readValue(frame.token), ...positions };
    }
    case 'EXT':
      return { 'extended-type': frame.extendedType };
    case 'UNKNOWN':
      return { 'type-code': frame.typeCode };
    default:
      return {};
  }
}
