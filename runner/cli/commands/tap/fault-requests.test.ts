import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ServedPage, servePage } from '../view/serve-page.ts';
import { type FaultRequests, faultRequests } from './fault-requests.ts';

let served: ServedPage;
let requests: FaultRequests;
let struck: string[];
let lifted: number[];

beforeEach(async () => {
  struck = [];
  lifted = [];
  requests = faultRequests('fault', {
    strike(text) {
      if (text === 'explode') throw new Error('fault:1:1: this cannot be `explode`');
      struck.push(text);
    },
    lift(id) {
      if (id === 9) throw new Error('fault 9 is not at work any more');
      lifted.push(id);
    },
  });
  served = await servePage(['the page'], 0, undefined, requests);
});
afterEach(() => served.close());

/** Asks as the page does, but for what `other` says. */
async function ask(body: string, other: Readonly<Record<string, string>> = {}, method = 'POST') {
  const own = { origin: served.url.slice(0, -1), 'content-type': 'application/json', 'x-weir-token': requests.token, ...other };
  const headers = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== ''));
  const response = await fetch(`${served.url}fault`, { method, headers, ...(method === 'POST' ? { body } : {}) });
  return { status: response.status, headers: response.headers, body: await response.text() };
}

test('the page has faults carried out, and hears why one cannot be', async () => {
  expect(await ask('{"fault":"cut: {}"}')).toMatchObject({ status: 200, body: '{"ok":true}' });
  expect(struck).toEqual(['cut: {}']);
  expect(await ask('{"fault":"explode"}')).toMatchObject({
    status: 422,
    body: JSON.stringify({ ok: false, why: 'fault:1:1: this cannot be `explode`' }),
  });
});

test('the page has faults lifted, and hears why one cannot be', async () => {
  expect(await ask('{"lift":3}')).toMatchObject({ status: 200, body: '{"ok":true}' });
  expect(await ask('{"lift":9}')).toMatchObject({
    status: 422,
    body: JSON.stringify({ ok: false, why: 'fault 9 is not at work any more' }),
  });
  expect({ struck, lifted }).toEqual({ struck: [], lifted: [3] });
});

test.each([
  ['another web page', { origin: 'http://evil.example' }, 403],
  ['another port of this machine', { origin: 'http://127.0.0.1:1' }, 403],
  ['a page without an origin', { origin: 'null' }, 403],
  ['a program that says no origin', { origin: '' }, 403],
  ['a page that the browser says is elsewhere', { 'sec-fetch-site': 'cross-site' }, 403],
  ['a page of this site that is another', { 'sec-fetch-site': 'same-site' }, 403],
  ['who does not know the token', { 'x-weir-token': '' }, 403],
  ['who guesses the token', { 'x-weir-token': 'a'.repeat(32) }, 403],
  ['a form', { 'content-type': 'text/plain' }, 415],
  ['a form with another type', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
] as const)('%s is refused', async (_who, headers, status) => {
  for (const body of ['{"fault":"cut: {}"}', '{"lift":3}']) {
    const answer = await ask(body, headers);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body).ok).toBe(false);
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  }
  expect({ struck, lifted }).toEqual({ struck: [], lifted: [] });
});

test.each([
  ['no JSON', 'fault', 400],
  ['no fault', '{"fault":5}', 400],
  ['an empty one', '{"fault":" "}', 400],
  ['nothing', 'null', 400],
  ['a number that is none', '{"lift":"3"}', 400],
  ['a number that no fault has', '{"lift":0}', 400],
  ['a fault to strike and one to lift', '{"fault":"cut: {}","lift":3}', 400],
  ['one that is too long', JSON.stringify({ fault: 'x'.repeat(20_000) }), 413],
] as const)('%s is refused', async (_what, body, status) => {
  expect((await ask(body)).status).toBe(status);
  expect({ struck, lifted }).toEqual({ struck: [], lifted: [] });
});

test.each(['GET', 'PUT', 'OPTIONS'])('%s is no way to ask, and gives nobody leave to', async (method) => {
  const answer = await ask('', {}, method);
  expect(answer.status).toBe(405);
  expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  expect(answer.headers.get('access-control-allow-headers')).toBeNull();
});
