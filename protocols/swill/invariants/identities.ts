import { frameInvariant } from './judging.ts';

/** The procedure of the test services that answers the id of its connection. */
const WHOAMI = 'whoami';

/** A connection has one id for as long as it lives, and no other has it. */
export const identities = frameInvariant('identities', ['SWILL-CONN-07'], (check) => {
  const asked = new Set<string>();
  const ids = new Map<number, unknown>();
  return {
    received: (frame, { key }) => {
      if (frame.from === 'client' && frame.rpc === WHOAMI) asked.add(key);
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
  };
});
