import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ServedPage, servePage } from './serve-page.ts';

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
