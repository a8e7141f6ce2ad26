import { readUpgrade } from '../carriers/websocket/heads.ts';
import { laneBook } from '../common/lanes.ts';
import { type CallFacts, laneName, type NormalisedTrace } from '../common/normalise.ts';
import { isSent, type Trace } from '../common/trace.ts';
import { bind } from './bind.ts';
import { SUBPROTOCOL, type SwillFrame } from './frame.ts';
import { reference } from './reference.ts';

/** What went before an item on the other lane of its call, where a variation turns on it: the client has given it up. */
export const AFTER_CLOSE = 'after CLOSE';

/**
 * A trace without what may differ between two runs: seqs, elements that are written although they have their defaults, and of heads all
 * but whether Swill was offered, and accepted. Lanes are those of calls, `<instance>/request-N` for requests that no call names, and
 * `<instance>/upgrade`.
 */
export function normalise(trace: Trace<SwillFrame>, calls: readonly CallFacts[]): NormalisedTrace {
  const bound = bind(trace, calls);
  const names = new Map(bound.map(({ call, connection, seq }) => [reference(connection, seq), laneName(call)]));
  const instances = new Map(bound.map(({ call, connection }) => [connection, call.instance]));
  const clients = new Set<string>();
  for (const event of trace) if (event.type === 'application' && event.role === 'client') clients.add(event.instance);
  const [only, second] = clients;
  const instanceOf = (connection: number): string =>
    instances.get(connection) ?? (only !== undefined && second === undefined ? only : `client-${connection + 1}`);
  const book = laneBook();
  const unnamed = new Map<string, number>();
  const given = new Set<string>();
  for (const event of trace) {
    if (!isSent(event)) continue;
    const instance = instanceOf(event.connection);
    const { frame, from } = event;
    if (frame.class === 'opening') {
      book.addUnlessRepeated(`${instance}/upgrade`, from, { kind: 'head', value: valueOfHead(frame.data) }, event.n);
      continue;
    }
    if (frame.class !== 'data') continue;
    if (!event.decoded?.ok) {
      book.addUnlessRepeated(`${instance}/undecodable`, from, { kind: 'undecodable', value: {} }, event.n);
      continue;
    }
    const { message } = event.decoded;
    const key = reference(event.connection, message.seq);
    let name = names.get(key);
    if (name === undefined) {
      const number = (unnamed.get(instance) ?? 0) + 1;
      unnamed.set(instance, number);
      name = `${instance}/request-${number}`;
      names.set(key, name);
    }
    for (const role of ['client', 'server'] as const) book.declare(name, role);
    if (message.type === 'CLOSE') given.add(key);
    const circumstance = from === 'server' && given.has(key) ? { circumstance: AFTER_CLOSE } : {};
    book.add(name, from, { kind: message.type, value: memberOf(message), ...circumstance }, event.n);
  }
  return { lanes: book.all() };
}

function valueOfHead(head: Uint8Array): unknown {
  const read = readUpgrade(head);
  if (read === undefined) return { broken: true };
  if (read.kind === 'request') return { path: read.path, upgrades: read.upgrades, swill: read.subprotocols.includes(SUBPROTOCOL) };
  return { accepted: read.status === 101, swill: read.status === 101 && read.subprotocols.includes(SUBPROTOCOL) };
}

function memberOf(message: SwillFrame): Record<string, unknown> {
  const data = message.type === 'MESSAGE' || message.type === 'ERROR' ? { data: message.data } : {};
  if (message.from === 'client') return { rpc: message.rpc, ...data, ...(message.metadata === null ? {} : { metadata: message.metadata }) };
  const { leading, trailing } = message;
  return { ...data, ...(leading === null ? {} : { leading }), ...(trailing === null ? {} : { trailing }) };
}
