import { joinedValue } from '../../carriers/http/head.ts';
import { acceptOf } from '../../carriers/websocket/accept-key.ts';
import { readUpgrade, type UpgradeRequest } from '../../carriers/websocket/heads.ts';
import { endOf } from '../../common/frame.ts';
import { forgetConnections } from '../../common/judging.ts';
import { SUBPROTOCOL } from '../frame.ts';
import { frameInvariant } from './judging.ts';

/** The upgrade of each connection: one request that offers Swill, and an answer that fits it. */
export const upgrades = frameInvariant('upgrades', ['SWILL-CONN-01', 'SWILL-CONN-02', 'SWILL-CONN-03', 'SWILL-CONN-04'], (check) => {
  const asked = new Map<number, UpgradeRequest>();
  /** Connections on which an end has said something. */
  const carried = { client: new Set<number>(), server: new Set<number>() };
  return {
    any: (event) => {
      if (event.type !== 'sent') return;
      const { n, connection, frame } = event;
      const from = endOf(event.from);
      if (frame.class === 'data' && !carried[from].has(connection)) {
        carried[from].add(connection);
        check(asked.has(connection), 'SWILL-CONN-01', from, () => 'a message on a connection that nobody upgraded', [n]);
      }
      if (frame.class !== 'opening') return;
      const head = readUpgrade(frame.data);
      if (from === 'client') {
        if (head?.kind !== 'request') {
          check(false, 'SWILL-CONN-01', from, () => 'it asks for the upgrade with what is no request', [n]);
          return;
        }
        check(!asked.has(connection), 'SWILL-CONN-01', from, () => 'a second request on one connection', [n]);
        asked.set(connection, head);
        check(
          head.method === 'GET' && head.upgrades && head.key !== undefined,
          'SWILL-CONN-01',
          from,
          () => 'the request is no GET that asks for WebSocket',
          [n],
        );
        check(
          head.subprotocols.includes(SUBPROTOCOL),
          'SWILL-CONN-02',
          from,
          () => `it offers ${head.subprotocols.length === 0 ? 'no subprotocol' : JSON.stringify(head.subprotocols)}`,
          [n],
        );
        return;
      }
      const request = asked.get(connection);
      if (request === undefined || head?.kind !== 'response') {
        check(false, 'SWILL-CONN-01', from, () => 'it answers the upgrade with what is no answer', [n]);
        return;
      }
      if (head.status !== 101) return;
      check(
        joinedValue(head.fields, 'sec-websocket-accept') === acceptOf(request.key ?? ''),
        'SWILL-CONN-01',
        from,
        () => 'its Sec-WebSocket-Accept does not fit the key',
        [n],
      );
      check(
        joinedValue(head.fields, 'sec-websocket-extensions') === undefined,
        'SWILL-CONN-01',
        from,
        () => 'it chooses an extension, and what is recorded here offered none',
        [n],
      );
      const offered = request.subprotocols.includes(SUBPROTOCOL);
      check(offered, 'SWILL-CONN-04', from, () => `it accepts ${JSON.stringify(request.subprotocols)}`, [n]);
      if (!offered) return;
      check(
        head.subprotocols.length === 1 && head.subprotocols[0] === SUBPROTOCOL,
        'SWILL-CONN-03',
        from,
        () => `it answers with the subprotocol ${JSON.stringify(head.subprotocols)}`,
        [n],
      );
    },
    forget: (past) => {
      for (const each of [asked, carried.client, carried.server]) forgetConnections(each, past);
    },
  };
});
