import { once } from 'node:events';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type Listener, type ServedPage, servePage } from './serve-page.ts';

let served: ServedPage;
beforeAll(async () => {
  served = await servePage(['<p>', 'page</p>'], 0);
});
afterAll(() => served.close());

function ask(path: string, host?: string, method = 'GET'): Promise<{ readonly status: number | undefined; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const asked = request(new URL(path, served.url), { method, ...(host === undefined ? {} : { headers: { host } }) }, async (response) => {
      let text = '';
      for await (const chunk of response) text += String(chunk);
      resolve({ status: response.statusCode, text });
    });
    asked.once('error', reject);
    asked.end();
  });
}

test('gives the page to who asks for it, on loopback', async () => {
  expect(new URL(served.url).hostname).toBe('127.0.0.1');
  expect(await ask('/')).toEqual({ status: 200, text: '<p>page</p>' });
});

test.each([
  ['another path', 404, '/etc', undefined, 'GET'],
  ['another name, as of a page that had its name turned to this machine', 403, '/', 'evil.example', 'GET'],
  ['another method', 405, '/', undefined, 'POST'],
])('%s is refused', async (_name, status, path, host, method) => {
  expect((await ask(path, host, method)).status).toBe(status);
});

test('a port that is taken is told', async () => {
  await expect(servePage([], Number(new URL(served.url).port))).rejects.toThrow(/cannot serve on port \d+/);
});

/** What browsers say of who asks, and of what is theirs. One more is a line. */
const ASKING: readonly (readonly [who: string, status: number, headers: Readonly<Record<string, string>>])[] = [
  ['a picture in another page', 403, { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }],
  ['a script in another page', 403, { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'script' }],
  ['a fetch of another page', 403, { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }],
  ['a page of another port of this machine', 403, { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }],
  ['a frame in another page', 403, { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }],
  [
    'a form in another page',
    405,
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', method: 'POST' },
  ],
  ['a link in another page', 200, { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }],
  ['the page itself', 200, { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }],
  ['an address that was typed', 200, { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }],
];

test.each(ASKING)(
  '%s is answered %i, and nobody else keeps, frames or reads that',
  async (_who, status, { method = 'GET', ...headers }) => {
    const asked = request(served.url, { method, headers });
    asked.end();
    const [response] = await once(asked, 'response');
    response.resume();
    expect(response.statusCode).toBe(status);
    expect(response.headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'content-security-policy': "frame-ancestors 'none'",
      'cross-origin-resource-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
    });
    expect(Object.keys(response.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  },
);

describe('news', () => {
  /** Serves a page with news; gives who listens in the order they came. */
  async function withNews() {
    const listeners: Listener[] = [];
    const left: Listener[] = [];
    let heard = (_listener: Listener): void => {};
    const page = await servePage([''], 0, {
      path: 'news',
      listen(listener) {
        listeners.push(listener);
        heard(listener);
        return () => void left.push(listener);
      },
    });
    onTestFinished(() => page.close());
    const follow = async (): Promise<{ readonly socket: Socket; readonly listener: Listener }> => {
      const listening = new Promise<Listener>((resolve) => {
        heard = resolve;
      });
      const socket = connect(Number(new URL(page.url).port), '127.0.0.1');
      onTestFinished(() => void socket.destroy());
      socket.write('GET /news HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n');
      return { socket, listener: await listening };
    };
    return { page, follow, listeners, left };
  }

  test('is not kept for who does not read it', async () => {
    const { follow } = await withNews();
    const { socket, listener } = await follow();
    socket.pause();
    const news = 'x'.repeat(1024 * 1024);
    let told = 0;
    for (; told < 100 && listener.keepsUp(); told += 1) {
      listener.send(news);
      // What the system takes for who does not read is little.
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(told).toBeLessThan(100);
    socket.resume();
    await expect.poll(() => listener.keepsUp()).toBe(true);
  });

  test('is told to a few at a time, and to others once one of them leaves', async () => {
    const { page, follow, listeners, left } = await withNews();
    const followers = [];
    for (let i = 0; i < 8; i += 1) followers.push(await follow());
    expect((await fetch(`${page.url}news`)).status).toBe(503);
    expect(listeners).toHaveLength(8);
    followers[0]?.socket.destroy();
    await expect.poll(() => left.length).toBe(1);
    await follow();
    expect(listeners).toHaveLength(9);
  });
});

test('who holds connections and asks for nothing takes a bounded number of them', async () => {
  const page = await servePage(['page'], 0);
  onTestFinished(() => page.close());
  const held = Array.from({ length: 200 }, () => connect(Number(new URL(page.url).port), '127.0.0.1'));
  onTestFinished(() => held.forEach((socket) => void socket.destroy()));
  let closed = 0;
  for (const socket of held)
    socket
      .on('error', () => {})
      .once('close', () => void closed++)
      .resume();
  await expect.poll(() => closed, { timeout: 20_000 }).toBe(200 - 64);
});
