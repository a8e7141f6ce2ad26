import { expect, test } from 'vitest';
import { webSocket } from '../../../protocols/carriers/websocket/carrier.ts';
import { serverAddress } from './server-address.ts';

test.each([
  ['ws://127.0.0.1:8080', { host: '127.0.0.1', port: 8080 }],
  ['ws://127.255.3.4', { host: '127.255.3.4', port: 80 }],
  ['ws://0x7f.1:1/path?q', { host: '127.0.0.1', port: 1 }],
  ['ws://2130706433:1', { host: '127.0.0.1', port: 1 }],
  ['ws://[::1]:9', { host: '::1', port: 9 }],
  ['ws://[::ffff:127.0.0.1]:9', { host: '::ffff:7f00:1', port: 9 }],
  ['ws://localhost:9', { host: 'localhost', port: 9 }],
  ['ws://LOCALHOST.:9', { host: 'localhost', port: 9 }],
  ['ws://river.localhost:9', { host: 'localhost', port: 9 }],
])('%s is on the loopback', (url, address) => {
  expect(serverAddress(url, webSocket, false)).toEqual({ ok: true, address });
});

test.each([
  'ws://10.0.0.1:80',
  'ws://169.254.169.254/latest/meta-data',
  'ws://128.0.0.1',
  'ws://0.0.0.0:80',
  'ws://[::]:80',
  'ws://[::ffff:10.0.0.1]',
  'ws://[::ffff:8.127.0.1]',
  'ws://[fe80::1]',
  'ws://example.org',
  'ws://localhost.example.org',
  'ws://127.0.0.1.example.org',
  'ws://notlocalhost',
  'ws://127.0.0.1@example.org',
  'ws://example.org\\@127.0.0.1',
  'ws://１２７.0.0.2.nip.io',
])('%s is not, unless that is allowed', (url) => {
  expect(serverAddress(url, webSocket, false)).toMatchObject({
    ok: false,
    why: expect.stringMatching(/not dialled; --allow-remote|say ws:\/\/127\.0\.0\.1/),
  });
  expect(serverAddress(url, webSocket, true)).toMatchObject({ ok: true });
});

test.each(['wss://127.0.0.1', 'http://127.0.0.1', 'localhost, I think', '', `ws ${'x'.repeat(1000)}`])('%s is no address', (url) => {
  const read = serverAddress(url, webSocket, true);
  expect(read).toMatchObject({ ok: false, why: expect.stringContaining('must be a ws:// URL') });
  expect(JSON.stringify(read).length).toBeLessThan(400);
});
