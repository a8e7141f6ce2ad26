import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { reachToxiproxy } from './toxiproxy.ts';

/** An HTTP server on the loopback that gives the same answer to everything. */
async function answering(text: string): Promise<string> {
  const server = createServer((_request, response) => response.end(text));
  onTestFinished(() => void server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test.each(['git', '2.1.4', 'v2.12.0', '{"version": "2.9.0"}\n'])('a server whose version is %j is a Toxiproxy', async (version) => {
  await expect(reachToxiproxy(await answering(version))).resolves.toBeDefined();
});

test.each(['hello', '<html></html>', '{"ok":true}', ''])('a server whose version is %j is none', async (version) => {
  await expect(reachToxiproxy(await answering(version))).rejects.toThrow(/no Toxiproxy answers at .*something else does/);
});

test.each(['localhost:8474', '127.0.0.1:8474', 'ftp://127.0.0.1:8474', 'nonsense'])('what %j should be is said', async (url) => {
  await expect(reachToxiproxy(url)).rejects.toThrow('its URL is written http://127.0.0.1:8474');
});

type Mood = 'knowing' | 'forgetful' | 'silent';

/** A network on a server that answers as its mood is. */
async function moodyNetwork() {
  const server = { mood: 'knowing' as Mood };
  const proxy = { name: 'a', listen: '127.0.0.1:20000', upstream: '127.0.0.1:1', enabled: true, toxics: [] };
  const http = createServer((request, response) => {
    if (server.mood === 'silent') return;
    if (request.url === '/version') response.end('2.9.0');
    else if (server.mood === 'knowing') response.end(JSON.stringify(proxy));
    else response.writeHead(404).end('{"error":"proxy not found","status":404}');
  });
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  await once(http.listen(0, '127.0.0.1'), 'listening');
  const { network } = await reachToxiproxy(`http://127.0.0.1:${(http.address() as AddressInfo).port}`);
  return { server, network: await network({ host: '127.0.0.1', port: 1 }) };
}

test('a proxy that is there is not lost, one that the server no longer knows is', async () => {
  const { server, network } = await moodyNetwork();
  expect(await network.lost?.()).toBeUndefined();
  server.mood = 'forgetful';
  expect((await network.lost?.())?.message).toMatch(/is gone \(.*404.*\), so nothing can be said/);
});

test('a server that falls silent holds nothing up', async () => {
  const { server, network } = await moodyNetwork();
  server.mood = 'silent';
  const [lost, down] = await Promise.all([network.lost?.(), Promise.allSettled([network.down()]), network.close()]);
  expect(lost?.message).toMatch(/is gone \(nothing within/);
  expect(down[0]).toMatchObject({ reason: { message: expect.stringContaining('would not disable a proxy: nothing within') } });
});
