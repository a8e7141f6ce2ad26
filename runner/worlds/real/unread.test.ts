import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { tcp } from '../../../protocols/carriers/tcp/carrier.ts';
import { webSocket } from '../../../protocols/carriers/websocket/carrier.ts';
import { acceptFields, readUpgrade, upgradeHead } from '../../../protocols/carriers/websocket/heads.ts';
import { upgradedWebSocket } from '../../../protocols/carriers/websocket/upgraded.ts';
import { type Link, type LinkClosed, LOST } from '../../../protocols/common/environment.ts';
import { messageOf } from '../../../protocols/common/frame.ts';
import { MOST_PIECES } from '../../../protocols/common/limits.ts';
import { linksOf } from './links.ts';
import { boundUnread, MOST_UNREAD } from './unread.ts';

const PIECE = new Uint8Array(1024 * 1024);
const UPGRADE =
  'GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';

/** Carriers of the reference peers, and what a dialler writes before it falls silent. */
const CARRIERS = [
  [tcp, ''],
  [webSocket, UPGRADE],
  [upgradedWebSocket, UPGRADE],
] as const;

test.each(CARRIERS)('an end of $0.name that never reads is given up before what waits for it exceeds its bound', async (carrier, said) => {
  let closed = (_how: LinkClosed): void => {};
  const over = new Promise<LinkClosed>((resolve) => {
    closed = resolve;
  });
  let ready = (_link: Link): void => {};
  const link = new Promise<Link>((resolve) => {
    ready = resolve;
  });
  const listener = await linksOf(carrier).listen((accepted) => ({
    opened: () => {
      if (carrier !== upgradedWebSocket) ready(accepted);
    },
    head(head) {
      const request = readUpgrade(head);
      const key = request?.kind === 'request' ? (request.key ?? '') : '';
      accepted.head?.(upgradeHead('HTTP/1.1 101 Switching Protocols', acceptFields(key, undefined)));
      ready(accepted);
    },
    message() {},
    closed,
  }));
  onTestFinished(() => listener.close());
  const deaf = connect(Number(new URL(listener.url).port), '127.0.0.1');
  onTestFinished(() => void deaf.destroy());
  deaf.pause();
  deaf.on('error', () => {});
  deaf.write(said);
  const open = await link;
  // As a handler does it that somebody asked for a thousand million items: all in one turn.
  for (let sent = 0; sent < MOST_UNREAD + 64 * PIECE.length; sent += PIECE.length) open.send(messageOf(PIECE));
  expect((await over).code).toBe(LOST);
});

test('small writes that wait are counted, and what is written already is not', () => {
  let aborted = 0;
  const abort = (): void => {
    aborted += 1;
  };
  const { mayWrite, done, isOver } = boundUnread({ waiting: () => 0, abort });
  for (let i = 0; i < 2 * MOST_PIECES && mayWrite(); i += 1) done();
  expect(isOver()).toBe(false);
  let written = 0;
  while (mayWrite()) written += 1;
  expect([written, mayWrite(), isOver(), aborted]).toEqual([MOST_PIECES, false, true, 1]);
});
