import { describe, expect, test } from 'vitest';
import { placeSession } from './handshake.ts';
import { bench } from './testing/bench.ts';

const stateOf = (nextExpectedSeq: number, nextSentSeq: number) => ({ expectedSessionState: { nextExpectedSeq, nextSentSeq } });

describe('refusals', () => {
  const rows: readonly [string, Record<string, unknown>, Record<string, unknown>, string][] = [
    ['no handshake request', {}, { payload: { type: 'CLOSE' } }, 'MALFORMED_HANDSHAKE'],
    ['payload null', {}, { payload: null }, 'MALFORMED_HANDSHAKE'],
    ['session id not text', { sessionId: 7 }, {}, 'MALFORMED_HANDSHAKE'],
    ['expected state missing', { expectedSessionState: undefined }, {}, 'MALFORMED_HANDSHAKE'],
    ['a fractional number', stateOf(0.5, 0), {}, 'MALFORMED_HANDSHAKE'],
    ['another server’s id', {}, { to: 'OTHER' }, 'MALFORMED_HANDSHAKE'],
    ['version v1.1', { protocolVersion: 'v1.1' }, {}, 'PROTOCOL_VERSION_MISMATCH'],
    ['version before metadata', { protocolVersion: 'v3', metadata: 1 }, {}, 'PROTOCOL_VERSION_MISMATCH'],
    ['metadata missing', {}, {}, 'MALFORMED_HANDSHAKE_META'],
    ['metadata null', { metadata: null }, {}, 'MALFORMED_HANDSHAKE_META'],
    ['metadata of another shape', { metadata: { token: 5 } }, {}, 'MALFORMED_HANDSHAKE_META'],
    ['metadata before the session', { metadata: {}, ...stateOf(1, 1) }, {}, 'MALFORMED_HANDSHAKE_META'],
    ['a bad token', { metadata: { token: 'bad' } }, {}, 'REJECTED_BY_CUSTOM_HANDLER'],
    ['a raising validator', { metadata: { token: 'raise' } }, {}, 'REJECTED_BY_CUSTOM_HANDLER'],
    ['an unsupported client', { metadata: { token: 'unsupported' } }, {}, 'REJECTED_UNSUPPORTED_CLIENT'],
    ['state of a session unknown here', { metadata: { token: 'valid-token' }, ...stateOf(1, 0) }, {}, 'SESSION_STATE_MISMATCH'],
    ['the same, sent', { metadata: { token: 'valid-token' }, ...stateOf(0, 1) }, {}, 'SESSION_STATE_MISMATCH'],
  ];
  test.each(rows)('%s', (_name, request, envelope, code) => {
    const { dial, environment, statuses } = bench({ handshake: 'token' });
    const client = dial();
    client.handshake(request, envelope);
    expect(client.status()).toMatchObject({ ok: false, code });
    expect(client.received).toHaveLength(1);
    expect(client.received[0]).toMatchObject({ seq: 0, ack: 0, controlFlags: 0, from: 'SERVER', to: 'client' });
    expect([client.closed, client.code]).toEqual(['close', 1000]);
    expect(statuses).toEqual([`handshake-failed ${code}`]);
    expect(environment.pending()).toBe(0);
  });
});

test.each([
  ['text', { text: true, data: new TextEncoder().encode('{}') }],
  ['broken bytes', { text: false, data: Uint8Array.of(0xc1) }],
  ['an envelope without fields', { text: false, data: new TextEncoder().encode('{"payload":{}}') }],
])('%s as first frame closes without a word', (_name, frame) => {
  const client = bench().dial();
  client.raw(frame);
  expect([client.received, client.closed]).toEqual([[], 'close']);
});

test('a valid request is answered with its session id', () => {
  const { join, statuses } = bench({ handshake: 'token' });
  const client = join('client', 'session-A', { token: 'valid-token' });
  expect(client.status()).toEqual({ ok: true, sessionId: 'session-A' });
  expect(statuses).toEqual(['session-created client', 'connected client']);
});

describe('time', () => {
  test('silence ends at the handshake timeout', () => {
    const { dial, environment } = bench();
    const client = dial();
    environment.advance(999);
    expect(client.closed).toBeUndefined();
    environment.advance(1);
    expect(client.closed).toBe('close');
  });

  test('a slow validator decides after its time, scaled', () => {
    const { join, environment } = bench({ handshake: 'token', timeScale: 0.5 });
    const client = join('client', 'session-A', { token: 'slow-400-valid-token' });
    environment.advance(199);
    expect(client.status()).toBeUndefined();
    environment.advance(1);
    expect(client.status()).toMatchObject({ ok: true });
  });

  test('a validator slower than the timeout is not waited for', () => {
    const { join, environment, statuses } = bench({ handshake: 'token' });
    const client = join('client', 'session-A', { token: 'slow-2000-valid-token' });
    environment.advance(5000);
    expect([client.received, client.closed, statuses]).toEqual([[], 'close', []]);
  });

  test('a second request while validating spoils the first', () => {
    const { join, environment, statuses } = bench({ handshake: 'token' });
    const client = join('client', 'session-A', { token: 'slow-200-valid-token' });
    client.handshake({ metadata: { token: 'valid-token' } });
    environment.advance(500);
    expect([client.received, client.closed, statuses]).toEqual([[], 'close', []]);
  });

  test('a validation that ends after the connection is gone does nothing', () => {
    const { join, environment, statuses } = bench({ handshake: 'token' });
    const client = join('client', 'session-A', { token: 'slow-200-raise' });
    client.lose();
    environment.advance(500);
    expect([client.received, statuses, environment.pending()]).toEqual([[], [], 0]);
  });

  test('a close that is not answered ends in an abort', () => {
    const { dial, environment } = bench();
    const client = dial('client', false);
    client.handshake({ protocolVersion: 'v0' });
    expect(client.closed).toBe('close');
    environment.advance(200);
    expect(client.closed).toBe('abort');
  });
});

describe('placeSession', () => {
  const existing = { sessionId: 'A', ack: 5, nextSentSeq: 3 };
  test.each([
    ['exactly in step', 'A', 3, 5, 'resume'],
    ['client received more than it acknowledged', 'A', 9, 5, 'resume'],
    ['client resends what was taken', 'A', 3, 0, 'resume'],
    ['client in the future', 'A', 3, 6, 'refuse'],
    ['server in the future', 'A', 2, 5, 'refuse'],
    ['another session from 0/0', 'B', 0, 0, 'create'],
    ['another session with state', 'B', 0, 1, 'refuse'],
  ])('%s', (_name, sessionId, nextExpectedSeq, nextSentSeq, kind) => {
    const placement = placeSession({ sessionId, ...stateOf(nextExpectedSeq, nextSentSeq) }, existing, true);
    expect(placement.kind).toBe(kind);
    if (placement.kind !== 'resume') expect(placement.dropOld).toBe(sessionId === 'B');
  });

  test('no resume where transparent reconnects are off', () => {
    expect(placeSession({ sessionId: 'A', ...stateOf(3, 5) }, existing, false)).toMatchObject({ kind: 'refuse', dropOld: true });
  });
});
