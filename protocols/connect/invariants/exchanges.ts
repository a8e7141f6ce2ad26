import { endOf, type Role } from '../../common/frame.ts';
import type { Automaton, Past, RunFacts } from '../../common/invariant.ts';
import type { Check } from '../../common/judging.ts';
import { type ListeningInvariant, listeningInvariant } from '../../common/listening.ts';
import type { ConnectMessage, Request, Response } from '../message.ts';

/** What is known of an exchange when a frame of it is sent. */
export interface Known {
  readonly request: Request | undefined;
  /** The answer proper, not one that says that it comes. */
  readonly response: Response | undefined;
  /** The client wrote what is no HTTP, or ended before its request was whole: the answer to that is HTTP's own. */
  readonly isBroken: boolean;
}

/** Where a frame was seen. */
export interface Where {
  readonly n: number;
  readonly role: Role;
}

/** What an invariant hears of exchanges. */
export interface Ears {
  /** A frame that an end sent, with what went before it in its exchange: the same object for each frame of one. */
  hear(message: ConnectMessage, known: Known, where: Where): void;
  /** Lets go of what is past, but for what hangs on an exchange: that goes with it. */
  forget?(past: Past): void;
}

/** An exchange, and the last event of it. */
interface Followed extends Known {
  request: Request | undefined;
  response: Response | undefined;
  isBroken: boolean;
  /** Ends that have said all of it. */
  readonly said: Set<Role>;
  n: number;
}

/** An invariant over the frames of exchanges. */
export function exchangeInvariant(
  name: string,
  requirements: readonly string[],
  listen: (check: Check, facts: RunFacts) => Ears,
): ListeningInvariant<ConnectMessage, Ears> {
  return listeningInvariant(followExchanges, `connect/${name}`, requirements, listen);
}

/** Tells of each frame that an end sent what went before it in its exchange. */
export function followExchanges(_facts: RunFacts, all: readonly Ears[]): Automaton<ConnectMessage> {
  /** By connection, then by exchange. */
  const connections = new Map<number, Map<number, Followed>>();
  /** Connections on which the client wrote what is no HTTP. */
  const spoilt = new Set<number>();
  return {
    observe(event) {
      if (event.type === 'sent' && event.from === 'client' && event.frame.class === 'closing') {
        for (const exchange of connections.get(event.connection)?.values() ?? []) exchange.isBroken ||= !exchange.said.has('client');
      }
      if (event.type !== 'sent' || event.decoded?.ok !== true) return;
      const { message } = event.decoded;
      const { n, connection } = event;
      const known = connections.get(connection) ?? new Map<number, Followed>();
      connections.set(connection, known);
      const exchange = known.get(message.exchange) ?? { request: undefined, response: undefined, isBroken: false, said: new Set(), n };
      known.set(message.exchange, exchange);
      exchange.n = n;
      if (message.type === 'request') exchange.request = message;
      if (message.type === 'broken' && event.from === 'client') {
        exchange.isBroken = true;
        spoilt.add(connection);
      }
      // Answers come in order: the one to what is no HTTP takes the place of those that are not given yet, and is the last.
      if (message.type === 'response' && message.status === 400 && spoilt.has(connection)) exchange.isBroken = true;
      if (message.type === 'response' && message.status >= 200) exchange.response = message;
      const where = { n, role: endOf(event.from) };
      for (const ears of all) ears.hear(message, exchange, where);
      if (endsMessage(message)) exchange.said.add(where.role);
      // Nothing comes of it any more.
      if (exchange.said.size === 2) known.delete(message.exchange);
      if (known.size === 0) connections.delete(connection);
    },
    finish() {},
    forget(past) {
      for (const ears of all) ears.forget?.(past);
      for (const connection of spoilt) if (past.isOver(connection)) spoilt.delete(connection);
      for (const [connection, known] of connections) {
        if (past.isOver(connection)) {
          connections.delete(connection);
          continue;
        }
        let newest = -1;
        for (const exchange of known.keys()) newest = Math.max(newest, exchange);
        // The newest of a connection may only be silent.
        for (const [exchange, { n }] of known) if (exchange < newest && n < past.before) known.delete(exchange);
      }
    },
  };
}

/** Whether nothing follows in the request or the answer that it is of. Behind an answer that only says that one comes, that one does. */
function endsMessage(message: ConnectMessage): boolean {
  const isInterim = message.type === 'response' && message.status < 200;
  return message.last && !isInterim;
}
