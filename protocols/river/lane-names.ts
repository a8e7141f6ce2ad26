import type { RunFacts } from '../common/invariant.ts';
import { type CallFacts, laneName } from '../common/normalise.ts';
import type { Binding } from './bind.ts';
import type { Survey } from './survey.ts';

/** Client instance → the id it uses on the wire, as far as the calls or the order of connecting tell. */
export function clientIdsByInstance({ instances }: Survey, calls: readonly CallFacts[], facts: RunFacts): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  // The runner lists the ids in the order in which the instances were made.
  if (instances.size === facts.clientIds.length) {
    for (const [i, instance] of [...instances].entries()) ids.set(instance, facts.clientIds[i] ?? '');
  }
  for (const { instance, id } of calls) if (id !== undefined) ids.set(instance, id);
  return ids;
}

/**
 * The client id at the client's end of a connection: what its first message says, else what the server's first message
 * is addressed to, else the run's only client id.
 */
export function clientOfConnection({ told, addressed }: Survey, facts: RunFacts): (connection: number) => string {
  const [only, second] = facts.clientIds;
  const otherwise = only !== undefined && second === undefined ? only : '';
  return (connection) => told.get(connection) ?? addressed.get(connection) ?? otherwise;
}

/** A stream's identity in the trace and the lane it fills. */
export interface NamedStream {
  readonly key: string;
  /** `main/chat`, `main/stream-1` */
  readonly lane: string;
}

/** Names for clients and streams. Those that no call names are numbered as they are asked for. */
export interface StreamNames {
  client(clientId: string): string;
  stream(clientId: string, session: string, streamId: string): NamedStream;
}

/** Makes the names of one trace. */
export function streamNames(bindings: readonly Binding[], clientIds: ReadonlyMap<string, string>, facts: RunFacts): StreamNames {
  const clients = new Map<string, string>();
  const name = (clientId: string, client: string): void => void (clients.has(clientId) || clients.set(clientId, client));
  for (const [client, clientId] of clientIds) name(clientId, client);
  for (const { call, clientId } of bindings) name(clientId, call.instance);
  facts.clientIds.forEach((clientId, i) => {
    name(clientId, `client-${i + 1}`);
  });
  const client = (clientId: string): string => {
    name(clientId, `client-${clients.size + 1}`);
    return clients.get(clientId) ?? '';
  };
  const keyOf = (clientId: string, session: string, streamId: string): string => JSON.stringify([clientId, session, streamId]);
  const streams = new Map<string, string>();
  for (const { call, clientId, session, streamId } of bindings) {
    const key = keyOf(clientId, session, streamId);
    if (!streams.has(key)) streams.set(key, laneName(call));
  }
  const unnamed = new Map<string, number>();
  return {
    client,
    stream(clientId, session, streamId) {
      const key = keyOf(clientId, session, streamId);
      let lane = streams.get(key);
      if (lane === undefined) {
        const number = (unnamed.get(clientId) ?? 0) + 1;
        unnamed.set(clientId, number);
        lane = `${client(clientId)}/stream-${number}`;
        streams.set(key, lane);
      }
      return { key, lane };
    },
  };
}
