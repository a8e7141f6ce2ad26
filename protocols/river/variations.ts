import type { Lane, NormalItem, VariationRule } from '../common/normalise.ts';
import { isPlainObject } from '../common/value.ts';
import type { Circumstance } from './circumstance.ts';
import { CLOSED, OPEN } from './message.ts';

type Members = Readonly<Record<string, unknown>>;

/** The ways in which conforming River implementations differ on the wire (notes, section 21). They are tried in this order. */
export const riverVariations: readonly VariationRule[] = [
  {
    name: 'tracing',
    allowedBy: 'RIVER-MSG-16',
    describe: 'A message may carry a tracing context or none.',
    canonical: eachItem((item) => withValue(item, without(members(item.value), 'tracing'))),
  },
  {
    name: 'repeated-names',
    allowedBy: 'RIVER-MSG-11',
    describe: 'Messages after the first may repeat the names of their stream.',
    canonical: eachItem((item) => withValue(item, without(members(item.value), 'names'))),
  },
  {
    name: 'metadata-null',
    allowedBy: 'RIVER-HS-03',
    describe: 'Without metadata its key is absent or null.',
    canonical: eachItem((item) => {
      const payload = payloadOf(item);
      const carrier = item.kind === 'handshake-request' || item.kind === 'rehandshake-response';
      return carrier && Object.hasOwn(payload, 'metadata') && payload['metadata'] === null
        ? withPayload(item, without(payload, 'metadata'))
        : item;
    }),
  },
  {
    name: 'more-members',
    allowedBy: 'RIVER-MSG-17',
    describe: 'What is said about a session may have members that this version of the protocol does not know.',
    canonical: eachItem((item) => {
      const known = sessionMembers[item.kind];
      return known === undefined ? item : withPayload(item, onlyKnown(payloadOf(item), known));
    }),
  },
  {
    name: 'subscription-open-flags',
    allowedBy: 'RIVER-STREAM-SUB-01',
    describe: 'A subscription is opened with 10, or with 2 and closed by the client later.',
    canonical: (lane, facts) => (lane.from === 'client' && facts.kindOf(lane.name) === 'subscription' ? openedAndClosed(lane) : lane),
  },
  {
    name: 'closed-bit-on-last-request',
    allowedBy: 'RIVER-STREAM-10',
    describe: 'The last request carries the closed bit itself, or a CLOSE follows it.',
    canonical: (lane, facts) => (lane.from === 'client' && hasRequests(facts.kindOf(lane.name)) ? withSeparateClose(lane) : lane),
  },
  {
    name: 'error-text',
    allowedBy: 'RIVER-ERR-16',
    describe: 'Only the code of a server’s error is prescribed, not its text and further details.',
    canonical: eachItem((item, lane) =>
      lane.from === 'server' && (item.kind === 'cancel' || item.kind === 'data') ? withoutErrorText(item) : item,
    ),
  },
  {
    name: 'cancel-text',
    allowedBy: 'RIVER-CANCEL-01',
    describe: 'The text of a client’s cancel is free.',
    canonical: eachItem((item, lane) => (lane.from === 'client' && item.kind === 'cancel' ? withoutErrorText(item) : item)),
  },
  {
    name: 'refusal-reason',
    allowedBy: 'RIVER-HS-08',
    describe: 'Only the code of a handshake refusal is prescribed, not its reason.',
    canonical: eachItem((item) => {
      const payload = payloadOf(item);
      const status = members(payload['status']);
      if (item.kind !== 'handshake-response' || status['ok'] !== false || typeof status['reason'] !== 'string') return item;
      return withPayload(item, { ...payload, status: { ...status, reason: '' } });
    }),
  },
  {
    name: 'repeated-invalid-request',
    allowedBy: 'RIVER-ERR-13',
    describe: 'Several invalid messages on one stream are answered once or several times.',
    canonical: (lane) =>
      lane.from === 'server'
        ? keep(lane, (item, i) => !isInvalidRequest(item) || !lane.items.slice(0, i).some((earlier) => isInvalidRequest(earlier)))
        : lane,
  },
  {
    name: 'close-after-cancel',
    allowedBy: 'RIVER-CANCEL-05',
    describe: 'A server may still close its side of a stream or subscription that the client cancelled.',
    canonical: (lane) => keep(lane, (item) => !is(item, 'after-cancel')),
  },
  {
    name: 'result-crossing-cancel',
    allowedBy: 'RIVER-CANCEL-05',
    describe: 'What a server sent before the client’s cancel reached it depends on timing.',
    canonical: (lane) => (lane.from === 'server' ? keep(lane, (item) => !is(item, 'crossing-cancel')) : lane),
  },
  {
    name: 'answer-to-late-cancel',
    allowedBy: 'RIVER-CANCEL-11',
    describe: 'A cancel of a finished stream is ignored or answered with INVALID_REQUEST.',
    canonical: (lane) => keep(lane, (item) => !isInvalidRequest(item) || !is(item, 'after-late-cancel')),
  },
  {
    name: 'close-in-answer-to-close',
    allowedBy: 'RIVER-STREAM-SUB-04',
    describe: 'When a client closes a subscription the server ends it, or leaves that to the handler.',
    canonical: (lane) => keep(lane, (item) => !is(item, 'after-close')),
  },
  {
    name: 'redial-after-foreign-session',
    allowedBy: 'RIVER-HS-24',
    describe: 'After an ok response for a session it did not ask for, a client dials again or stays idle.',
    canonical: (lane) => keep(lane, (item) => !is(item, 'after-foreign-session')),
  },
  {
    name: 'answer-to-undecodable-handshake',
    allowedBy: 'RIVER-HS-09',
    describe: 'A first frame that cannot be decoded is answered with MALFORMED_HANDSHAKE, or not at all.',
    canonical: (lane) =>
      keep(lane, (item) => !is(item, 'after-undecodable') || members(payloadOf(item)['status'])['code'] !== 'MALFORMED_HANDSHAKE'),
  },
];

/** Members of payloads about sessions, by kind of message; further levels where they have some of their own. */
const sessionMembers: Readonly<Record<string, Known>> = {
  'handshake-request': {
    type: true,
    protocolVersion: true,
    sessionId: true,
    expectedSessionState: { nextExpectedSeq: true, nextSentSeq: true },
    metadata: true,
  },
  'handshake-response': { type: true, status: { ok: true, sessionId: true, code: true, reason: true } },
  'rehandshake-request': { type: true },
  'rehandshake-response': { type: true, metadata: true },
};

/** Names that are known at one level of a map. */
interface Known {
  readonly [name: string]: true | Known;
}

function onlyKnown(value: Members, known: Known): Members {
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => {
      const deeper = Object.hasOwn(known, name) ? known[name] : undefined;
      if (deeper === undefined) return [];
      return [[name, deeper === true || !isPlainObject(member) ? member : onlyKnown(member, deeper)]];
    }),
  );
}

function eachItem(rewrite: (item: NormalItem, lane: Lane) => NormalItem): VariationRule['canonical'] {
  return (lane) => ({ ...lane, items: lane.items.map((item) => rewrite(item, lane)) });
}

function keep(lane: Lane, wanted: (item: NormalItem, index: number) => boolean): Lane {
  return { ...lane, items: lane.items.filter(wanted) };
}

/** Opened with 2 becomes opened with 10, and the CLOSE that belongs to it goes. After 10 a CLOSE stays: it is a mistake. */
function openedAndClosed(lane: Lane): Lane {
  const [open, ...rest] = lane.items;
  if (open === undefined || open.kind !== 'open' || flagsOf(open) !== OPEN) return lane;
  const items = rest.at(-1)?.kind === 'close' ? rest.slice(0, -1) : rest;
  return { ...lane, items: [withValue(open, { ...members(open.value), flags: OPEN | CLOSED }), ...items] };
}

function withSeparateClose(lane: Lane): Lane {
  const last = lane.items.at(-1);
  if (last === undefined || last.kind !== 'data' || flagsOf(last) !== CLOSED) return lane;
  const request = withValue(last, { ...members(last.value), flags: 0 });
  const close = { kind: 'close', value: { flags: CLOSED, payload: { type: 'CLOSE' } }, events: last.events };
  return { ...lane, items: [...lane.items.slice(0, -1), request, close] };
}

function hasRequests(kind: string | undefined): boolean {
  return kind === 'stream' || kind === 'upload';
}

/** A missing text, or one that is no text, stays a difference. */
function withoutErrorText(item: NormalItem): NormalItem {
  const payload = payloadOf(item);
  const error = members(payload['payload']);
  if (payload['ok'] !== false || typeof error['message'] !== 'string') return item;
  return withPayload(item, { ...payload, payload: { ...without(without(error, 'extras'), 'extra'), message: '' } });
}

function isInvalidRequest(item: NormalItem): boolean {
  return item.kind === 'cancel' && members(payloadOf(item)['payload'])['code'] === 'INVALID_REQUEST';
}

function is(item: NormalItem, circumstance: Circumstance): boolean {
  return item.circumstance === circumstance;
}

function flagsOf(item: NormalItem): number {
  const flags = members(item.value)['flags'];
  return typeof flags === 'number' ? flags : 0;
}

function payloadOf(item: NormalItem): Members {
  return members(members(item.value)['payload']);
}

function members(value: unknown): Members {
  return isPlainObject(value) ? value : {};
}

function without(value: Members, key: string): Members {
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
}

function withValue(item: NormalItem, value: Members): NormalItem {
  return { ...item, value };
}

function withPayload(item: NormalItem, payload: Members): NormalItem {
  return withValue(item, { ...members(item.value), payload });
}
