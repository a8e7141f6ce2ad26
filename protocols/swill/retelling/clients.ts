import { MAIN } from '../../common/instance.ts';
import { nextClient, type Telling } from '../../common/retelling.ts';
import type { Trace } from '../../common/trace.ts';
import { bind } from '../bind.ts';
import type { SwillFrame } from '../frame.ts';

/** Which client a connection is of, by what a case calls it. */
export type ClientOf = (connection: number) => string;

/**
 * Gives each connection to a client: to the one whose calls are on it where the trace says that, else to one that has no connection any
 * more, since a client has one at a time; the first is `main`.
 */
export function clientsOf(trace: Trace<SwillFrame>, { calls }: Telling): ClientOf {
  const clients = new Map(bind(trace, calls).map(({ call, connection }) => [connection, call.instance]));
  const known = new Set(clients.values());
  /** Clients by whether they have a connection now. */
  const busy = new Map<string, boolean>([...known].map((name) => [name, false]));
  for (const event of trace) {
    if (event.type === 'closed') {
      const name = clients.get(event.connection);
      if (name !== undefined) busy.set(name, false);
    }
    if (event.type !== 'opened') continue;
    const name = clients.get(event.connection) ?? [...busy].find(([, isBusy]) => !isBusy)?.[0] ?? nextClient(busy);
    clients.set(event.connection, name);
    busy.set(name, true);
  }
  return (connection) => clients.get(connection) ?? MAIN;
}
