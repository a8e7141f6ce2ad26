import { endOf, type Role } from '../../common/frame.ts';
import type { Invariant, RunFacts } from '../../common/invariant.ts';
import { type Check, eventInvariant } from '../../common/judging.ts';
import type { ConnectMessage, Request, Response } from '../message.ts';
import { reference } from '../reference.ts';

/** What is known of an exchange when a frame of it is sent. */
export interface Known {
  readonly request: Request | undefined;
  /** The answer proper, not one that says that it comes. */
  readonly response: Response | undefined;
  /** The client wrote what is no HTTP: the answer to that is HTTP's own. */
  readonly isBroken: boolean;
}

/** Where a frame was seen. */
export interface Where {
  readonly n: number;
  readonly role: Role;
  /** Which exchange it belongs to, among all connections. */
  readonly key: string;
}

/** What an invariant hears: each frame that an end sent, with what went before it in its exchange. */
export type Hear = (message: ConnectMessage, known: Known, where: Where) => void;

/** An invariant over the frames of exchanges. */
export function exchangeInvariant(
  name: string,
  requirements: readonly string[],
  listen: (check: Check, facts: RunFacts) => Hear,
): Invariant<ConnectMessage> {
  return eventInvariant(`connect/${name}`, requirements, (facts, check) => {
    const hear = listen(check, facts);
    const known = new Map<string, { request: Request | undefined; response: Response | undefined; isBroken: boolean }>();
    return {
      observe(event) {
        if (event.type !== 'sent' || event.decoded?.ok !== true) return;
        const { message } = event.decoded;
        const key = reference(event.connection, message.exchange);
        const exchange = known.get(key) ?? { request: undefined, response: undefined, isBroken: false };
        known.set(key, exchange);
        if (message.type === 'request') exchange.request = message;
        if (message.type === 'broken' && event.from === 'client') exchange.isBroken = true;
        if (message.type === 'response' && message.status >= 200) exchange.response = message;
        hear(message, exchange, { n: event.n, role: endOf(event.from), key });
      },
    };
  });
}
