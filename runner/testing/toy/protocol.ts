import * as z from 'zod';
import { tcp } from '../../../protocols/carriers/tcp/carrier.ts';
import { webSocket } from '../../../protocols/carriers/websocket/carrier.ts';
import type { Field } from '../../../protocols/common/field.ts';
import { type Frame, messageOf } from '../../../protocols/common/frame.ts';
import { type CallFacts, type CallReference, type Lane, laneName, type NormalItem } from '../../../protocols/common/normalise.ts';
import { mismatch } from '../../../protocols/common/pattern.ts';
import type { Protocol } from '../../../protocols/common/protocol.ts';
import { isSent, type SentEvent, type Trace } from '../../../protocols/common/trace.ts';
import { isPlainObject } from '../../../protocols/common/value.ts';
import { creditKept } from './credit-kept.ts';
import { readToy, type ToyMessage, writeToy } from './message.ts';

const noFields: readonly Field[] = [];
const event = z.strictObject({
  on: z.string().optional(),
  say: z.strictObject({ stream: z.string(), message: z.record(z.string(), z.unknown()) }).optional(),
  manual: z.array(z.string()).optional(),
});

/**
 * A protocol that has all that a protocol may have and no more than that takes, for tests of the core that know no real one: either
 * end calls, calls carry metadata in every place and credit, ids are unique on a connection only, and rules oblige parts in a call.
 */
export const toyProtocol: Protocol<ToyMessage> = {
  name: 'toy',
  title: 'Toys',
  bindings: [
    { name: 'stream', carrier: tcp },
    { name: 'socket', carrier: webSocket },
  ],
  equivalence: { requirement: 'TOY-ALIKE', groups: [['stream', 'socket']] },
  timers: { patienceMs: 1000 },
  counts: [],
  kinds: {
    ask: { says: 'one value, one answer', opening: null },
    note: { says: 'a value that nobody answers', ends: false, opening: null },
    ticks: { says: 'one value, many answers' },
    chat: { says: 'values both ways' },
  },
  callers: ['client', 'server'],
  manyServers: true,
  metadata: { grammar: z.record(z.string(), z.string()), at: ['start', 'answer', 'value', 'error', 'end'] },
  credit: z.int().min(1).max(1000),
  parts: { asker: 'caller', teller: 'callee' },
  callKeys: { wire: ['stream'], script: ['stream'], opens: ['stream'] },
  adapterWords: { timers: { patienceMs: 'how long one waits' }, options: {}, statuses: {}, detail: '' },
  decode(frame) {
    const message = readToy(frame.data);
    return message === undefined ? { ok: false, error: 'no toy' } : { ok: true, message };
  },
  encode: (message) => messageOf(writeToy(message)),
  summarise: (frame, decoded) => (decoded?.ok ? `${decoded.message.t} ${decoded.message.id}` : frame.kind),
  fields: () => noFields,
  kindOf: (frame: Frame, decoded) => (decoded === undefined ? frame.kind : decoded.ok ? decoded.message.t : 'undecodable'),
  wirePattern: z.strictObject({
    from: z.enum(['client', 'server', 'broker']).optional(),
    kind: z.string().optional(),
    stream: z.string().optional(),
    message: z.unknown().optional(),
  }),
  mismatch(pattern, event, { streamOf }) {
    if (!isPlainObject(pattern) || event.type !== 'sent') return 'not a frame that was sent';
    const { from = event.from, kind, stream, message } = pattern;
    const read = event.decoded?.ok ? event.decoded.message : undefined;
    if (from !== event.from || (kind !== undefined && kind !== read?.t)) return 'another kind, or from the other end';
    if (typeof stream === 'string' && (read === undefined || streamOf(stream) !== referenceOf(event, read))) return 'another call';
    return message === undefined ? undefined : mismatch(message, read);
  },
  bindCalls: (trace, calls) => new Map([...owners(trace, calls)].map(([reference, call]) => [call.call, reference])),
  normalise(trace, calls) {
    const lanes = new Map<string, Lane & { items: NormalItem[] }>();
    const owner = owners(trace, calls);
    const nameless = new Map<CallReference, string>();
    for (const sent of messages(trace)) {
      const { message } = sent;
      const reference = referenceOf(sent, message);
      const call = owner.get(reference);
      if (call === undefined && !nameless.has(reference)) nameless.set(reference, `call-${nameless.size + 1}`);
      const name = call === undefined ? (nameless.get(reference) ?? '') : laneName(call);
      const lane = lanes.get(`${name} ${sent.from}`) ?? { name, from: sent.from, items: [] };
      lanes.set(`${name} ${sent.from}`, lane);
      const { t, id: _, ...value } = message;
      lane.items.push({ kind: t, value, events: [sent.n] });
    }
    return { lanes: [...lanes.values()] };
  },
  variations: [],
  invariants: [creditKept],
  startInvariants: (facts, reportOf) => creditKept.start(facts, reportOf(creditKept)),
  peerScript: { client: event, server: event },
  secretPaths: () => [],
  secretWords: [],
};

/** Where a message's call is: its connection and its id there. */
export function referenceOf({ connection }: Pick<SentEvent, 'connection'>, { id }: Pick<ToyMessage, 'id'>): CallReference {
  return `${connection}:${id}`;
}

function* messages(trace: Trace<ToyMessage>): Generator<SentEvent<ToyMessage> & { readonly message: ToyMessage }> {
  for (const each of trace)
    if (isSent(each) && each.decoded?.ok) yield Object.assign(Object.create(each), { message: each.decoded.message });
}

/** The calls of the case by where they are: each end's in the order in which it made them. */
function owners(trace: Trace<ToyMessage>, calls: readonly CallFacts[]): ReadonlyMap<CallReference, CallFacts> {
  const waiting = [...calls];
  const found = new Map<CallReference, CallFacts>();
  for (const sent of messages(trace)) {
    const { message } = sent;
    if (message.t !== 'call') continue;
    const index = waiting.findIndex(
      ({ role, kind, procedure }) => role === sent.from && kind === message.kind && procedure === message.name,
    );
    const [call] = index < 0 ? [] : waiting.splice(index, 1);
    if (call !== undefined) found.set(referenceOf(sent, message), call);
  }
  return found;
}
