import { describe, expect, test } from 'vitest';
import { bench, type HandClient } from './testing/bench.ts';

const ASKED = [[0, { type: 'REHANDSHAKE_REQ' }]];
const answer = (client: HandClient, token: unknown) =>
  client.send({ streamId: 'rehandshake', payload: { type: 'REHANDSHAKE_RESP', metadata: { token } } });
const joined = (options: Readonly<Record<string, unknown>> = {}, token = 'valid-token') => {
  const set = bench({ handshake: 'token', ...options });
  const client = set.join('client', 'session-A', { token });
  // Traffic of its own, so that the watchdog has no part in this.
  const live = (ms: number): void => {
    for (let left = ms; left > 0; left -= 250) {
      set.environment.advance(Math.min(left, 250));
      client.send({ streamId: 'heartbeat', controlFlags: 1, payload: { type: 'ACK' } });
    }
  };
  return { ...set, client, live };
};

test('new metadata replaces the old, also for a handler that runs', () => {
  const { client, script, live } = joined();
  client.open('handshake.watchToken', {});
  client.send({ payload: { ask: true } });
  script({ rehandshake: true });
  expect(client.take('rehandshake')).toEqual(ASKED);
  answer(client, 'valid-2');
  client.send({ payload: { ask: true } });
  expect(client.take().map((item) => (item as [number, { payload: unknown }])[1].payload)).toEqual([
    { token: 'valid-token' },
    { token: 'valid-2' },
  ]);
  live(3000);
  expect(client.closed).toBeUndefined();
});

describe('what destroys the session', () => {
  test.each([
    ['a token of another type', (c: HandClient) => answer(c, 5)],
    ['a refused token', (c: HandClient) => answer(c, 'bad')],
    ['a raising validator', (c: HandClient) => answer(c, 'raise')],
    ['another payload', (c: HandClient) => c.send({ streamId: 'rehandshake', payload: { type: 'X' } })],
    ['an open on the reserved stream', (c: HandClient) => c.open('test.echo', {}, { streamId: 'rehandshake' })],
  ])('%s', (_name, act) => {
    const { client, script, statuses, handlers } = joined();
    script({ rehandshake: true });
    client.take('rehandshake');
    act(client);
    expect([client.take('rehandshake'), client.closed, statuses.at(-1), handlers]).toEqual([[], 'close', 'session-destroyed client', []]);
  });

  test('no answer within the handshake timeout, whatever else flows', () => {
    const { client, script, live } = joined();
    script({ rehandshake: true });
    live(750);
    expect(client.closed).toBeUndefined();
    live(250);
    expect(client.closed).toBe('close');
  });
});

test('an unasked answer counts; without validation it is ignored', () => {
  const { client } = joined();
  answer(client, 'valid-3');
  client.open('handshake.token', {}, { flags: 10 });
  expect(client.take()).toEqual([[8, { ok: true, payload: { token: 'valid-3' } }]]);
  const open = bench().join();
  answer(open, 5);
  open.open('handshake.token', {}, { flags: 10 });
  expect(open.take()).toEqual([[8, { ok: true, payload: { token: null } }]]);
});

test('the server asks one handshake timeout before the expiry, and gives up at it', () => {
  const { client, live } = joined({}, 'valid-expires-3000');
  live(1750);
  expect(client.take('rehandshake')).toEqual([]);
  live(250);
  expect(client.take('rehandshake')).toEqual(ASKED);
  live(750);
  expect(client.closed).toBeUndefined();
  live(250);
  expect(client.closed).toBe('close');
});

test('a shorter life than the handshake timeout is asked about at once and shortens the deadline', () => {
  const { client, environment } = joined({}, 'valid-expires-400');
  environment.advance(0);
  expect(client.take('rehandshake')).toEqual(ASKED);
  environment.advance(399);
  expect(client.closed).toBeUndefined();
  environment.advance(1);
  expect(client.closed).toBe('close');
});

test('each validation restarts the schedule; an expiry far ahead asks nothing', () => {
  const { client, live } = joined({}, 'valid-expires-2000');
  live(1000);
  expect(client.take('rehandshake')).toEqual(ASKED);
  answer(client, 'valid-expires-2592000000');
  live(10_000);
  expect([client.take('rehandshake'), client.closed]).toEqual([[], undefined]);
});

test('rehandshakeEveryMs asks again and again', () => {
  const { client, live } = joined({ rehandshakeEveryMs: 1000 });
  for (let i = 0; i < 3; i += 1) {
    live(1000);
    expect(client.take('rehandshake')).toEqual(ASKED);
    answer(client, 'valid-token');
  }
});

test('a validation that ends after its connection does not touch the next one', () => {
  const { client, dial, environment, script } = joined();
  script({ rehandshake: true });
  answer(client, 'slow-300-raise');
  client.lose();
  const again = dial();
  const expectedSessionState = { nextExpectedSeq: client.ack, nextSentSeq: client.seq };
  again.handshake({ metadata: { token: 'valid-token' }, expectedSessionState });
  expect(again.status()).toMatchObject({ ok: true });
  environment.advance(1500);
  expect(again.closed).toBeUndefined();
});
