import { forgetConnections } from '../../common/judging.ts';
import { frameInvariant } from './judging.ts';

/** The procedure of the test services that answers the id of its connection. */
const WHOAMI = 'whoami';

/** A connection has one id for as long as it lives, and no other has it. */
export const identities = frameInvariant('identities', ['SWILL-CONN-07'], (check) => {
  /** Requests for an id, by key: their connections. */
  const asked = new Map<string, number>();
  const ids = new Map<number, unknown>();
  return {
    received: (frame, { key, connection }) => {
      if (frame.from === 'client' && frame.rpc === WHOAMI) asked.set(key, connection);
    },
    sent: (frame, { n, role, connection, key }) => {
      if (frame.from !== 'server' || frame.type !== 'MESSAGE' || !asked.has(key)) return;
      const known = ids.get(connection);
      check(known === undefined || known === frame.data, 'SWILL-CONN-07', role, () => 'the id of the connection has changed', [n]);
      const others = [...ids].filter(([other]) => other !== connection);
      check(
        others.every(([, id]) => id !== frame.data),
        'SWILL-CONN-07',
        role,
        () => 'another connection has the same id',
        [n],
      );
      ids.set(connection, frame.data);
    },
    forget: (past) => {
      forgetConnections(ids, past);
      for (const [key, connection] of asked) if (past.isOver(connection)) asked.delete(key);
    },
  };
});
