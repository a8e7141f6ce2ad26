import { ownMember } from '../../common/value.ts';
import { eventInvariant } from './judging.ts';

/** `from` is the sender's id and `to` the receiver's, on every message, handshakes included (RIVER-MSG-05). */
export const identities = eventInvariant('identities', ['RIVER-MSG-05'], (facts, check) => {
  /** By connection: the client's id as it gives it, and as it was delivered to the server. */
  const own = new Map<number, { readonly id: string; readonly n: number }>();
  const delivered = new Map<number, { readonly id: string; readonly n: number } | undefined>();
  /** By connection, where nobody says who the server is: what it calls itself. */
  const servers = new Map<number, { readonly id: string; readonly n: number }>();
  const serverOf = (connection: number): { readonly id: string; readonly n: number | undefined } | undefined =>
    facts.serverId === undefined ? servers.get(connection) : { id: facts.serverId, n: undefined };
  return {
    observe: (event) => {
      if ((event.type !== 'sent' && event.type !== 'delivered') || event.decoded === undefined) return;
      const { connection, n } = event;
      if (event.type === 'delivered') {
        // An undecodable first frame named nobody; whom its answer is for cannot be known (RIVER-HS-09).
        const sender = event.decoded.ok ? { id: event.decoded.message.from, n } : undefined;
        if (event.to === 'server' && !delivered.has(connection)) delivered.set(connection, sender);
        return;
      }
      if (!event.decoded.ok) return;
      const { from, to } = event.decoded.message;
      const self = event.from === 'server' ? serverOf(connection) : own.get(connection);
      if (self === undefined && event.from === 'server') servers.set(connection, { id: from, n });
      else if (self === undefined) {
        own.set(connection, { id: from, n });
        const stranger = () => `from is ${from}; the clients of this run are ${facts.clientIds.join(', ')}`;
        check(facts.clientIds.length === 0 || facts.clientIds.includes(from), 'RIVER-MSG-05', event.from, stranger, [n]);
      } else {
        const id = self.id;
        check(from === id, 'RIVER-MSG-05', event.from, () => `from is ${from}; the sender is ${id}`, [n, self.n]);
      }
      const told = ownMember(facts.addressed, own.get(connection)?.id ?? '');
      const addressed = told === undefined ? serverOf(connection) : { id: told, n: undefined };
      const peer = event.from === 'client' ? addressed : delivered.get(connection);
      if (peer === undefined) return;
      check(to === peer.id, 'RIVER-MSG-05', event.from, () => `to is ${to}; the receiver is ${peer.id}`, [n, peer.n]);
    },
    forget: ({ isOver }) => {
      for (const book of [own, delivered, servers]) for (const connection of book.keys()) if (isOver(connection)) book.delete(connection);
    },
  };
});
