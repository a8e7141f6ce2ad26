import { describe, expect, it } from 'vitest';
import { binaryFrames } from './binary-frames.ts';
import { envelope } from './envelope.ts';
import { handshakeRequest } from './handshake-request.ts';
import { handshakeResponse } from './handshake-response.ts';
import { identities } from './identities.ts';
import { resumeClaim } from './resume-claim.ts';
import { brokenBy, type Talk } from './testing.ts';

const refuse = { ok: false, code: 'REJECTED_BY_CUSTOM_HANDLER', reason: 'no' };

describe('handshake request', () => {
  const cases: Record<string, [string, (ann: Talk) => void]> = {
    'something else comes first': ['RIVER-HS-01', (ann) => [ann.opened(), ann.open('r', 's.rpc')]],
    'an unreadable frame comes first': ['RIVER-HS-01', (ann) => [ann.opened(), ann.request({}, {}, { broken: 'id is missing' })]],
    'it is sent twice': ['RIVER-HS-01', (ann) => [ann.opened(), ann.request(), ann.request()]],
    'it is sent again on the session': ['RIVER-HS-01', (ann) => [ann.connect(), ann.request()]],
    'it has a seq': ['RIVER-HS-02', (ann) => [ann.opened(), ann.request({ seq: 3 })]],
    'it has an ack': ['RIVER-HS-02', (ann) => [ann.opened(), ann.request({ ack: 3 })]],
    'it has flags': ['RIVER-HS-02', (ann) => [ann.opened(), ann.request({ controlFlags: 2 })]],
    'it names another version': ['RIVER-HS-03', (ann) => [ann.opened(), ann.request({}, { protocolVersion: 'v2' })]],
    'it has no session': ['RIVER-HS-03', (ann) => [ann.opened(), ann.request({}, { sessionId: '' })]],
    'it has no state': ['RIVER-HS-03', (ann) => [ann.opened(), ann.request({}, { expectedSessionState: undefined })]],
    'its numbers are text': [
      'RIVER-HS-03',
      (ann) => [ann.opened(), ann.request({}, { expectedSessionState: { nextExpectedSeq: '0', nextSentSeq: 0 } })],
    ],
    'its numbers are negative': [
      'RIVER-HS-03',
      (ann) => [ann.opened(), ann.request({}, { expectedSessionState: { nextExpectedSeq: -1, nextSentSeq: 0 } })],
    ],
    'a call does not wait for the ok': ['RIVER-HS-05', (ann) => [ann.opened(), ann.request(), ann.open('r', 's.rpc')]],
    'a call follows a refusal': ['RIVER-HS-19', (ann) => [ann.opened(), ann.request(), ann.response(refuse), ann.open('r', 's.rpc')]],
    'a call follows what is true but no ok': [
      'RIVER-HS-22',
      (ann) => [ann.opened(), ann.request(), ann.response({ ok: 1, sessionId: 'a' }), ann.open('r', 's.rpc')],
    ],
    'a call follows a refusal with an unknown code': [
      'RIVER-HS-22',
      (ann) => [ann.opened(), ann.request(), ann.response({ ...refuse, code: 'NO' }), ann.open('r', 's.rpc')],
    ],
  };
  it.each(Object.entries(cases))('%s', (_name, [rule, play]) => {
    expect(brokenBy(handshakeRequest, play)).toEqual([`${rule} client`]);
  });
});

describe('handshake response', () => {
  const cases: Record<string, [string, (ann: Talk) => void]> = {
    'it has a seq': ['RIVER-HS-02', (ann) => [ann.opened(), ann.request(), ann.response(undefined, { seq: 1 })]],
    'another session is granted': ['RIVER-HS-06', (ann) => [ann.opened(), ann.request(), ann.response({ ok: true, sessionId: 'b' })]],
    'it has no status': ['RIVER-HS-06', (ann) => [ann.opened(), ann.request(), ann.response({})]],
    'it refuses with an unknown code': ['RIVER-HS-06', (ann) => [ann.opened(), ann.request(), ann.response({ ...refuse, code: 'NO' })]],
    'it comes twice': ['RIVER-HS-06', (ann) => [ann.connect(), ann.response()]],
    'session messages come first': ['RIVER-HS-06', (ann) => [ann.opened(), ann.request(), ann.heartbeat(), ann.response()]],
    'nobody asked': ['RIVER-HS-07', (ann) => [ann.opened(), ann.heartbeat()]],
    'the request never arrived': ['RIVER-HS-07', (ann) => [ann.opened(), ann.request({}, {}, { lost: true }), ann.response()]],
    'it accepts no request': ['RIVER-HS-08', (ann) => [ann.opened(), ann.open('r', 's.rpc'), ann.response()]],
    'it refuses no request with another code': ['RIVER-HS-08', (ann) => [ann.opened(), ann.open('r', 's.rpc'), ann.response(refuse)]],
    'it accepts garbage': [
      'RIVER-HS-09',
      (ann) => [ann.opened(), ann.request({}, {}, { broken: 'the root is not a map' }), ann.response()],
    ],
    'it accepts another version': ['RIVER-HS-10', (ann) => [ann.opened(), ann.request({}, { protocolVersion: 'v3' }), ann.response()]],
    'a heartbeat follows a refusal': ['RIVER-HS-18', (ann) => [ann.opened(), ann.request(), ann.response(refuse), ann.heartbeat()]],
  };
  it.each(Object.entries(cases))('%s', (_name, [rule, play]) => {
    expect(brokenBy(handshakeResponse, play)).toEqual([`${rule} server`]);
  });

  it('tolerates what the specification leaves open', () => {
    const old = (ann: Talk): unknown => [ann.opened(), ann.request({}, { protocolVersion: 'v1.1' }), ann.response()];
    const text = (ann: Talk): unknown => [
      ann.opened(),
      ann.request({}, {}, { broken: 'a text frame', custom: 'RIVER-CODEC-02' }),
      ann.response(),
    ];
    const astray = (ann: Talk): unknown => [
      ...[ann.opened(), ann.request({ to: 'OTHER' }, { protocolVersion: 'v3' })],
      ann.response({ ...refuse, code: 'MALFORMED_HANDSHAKE' }),
    ];
    for (const play of [old, text, astray]) expect(brokenBy(handshakeResponse, play)).toEqual([]);
  });
});

describe('resume claim', () => {
  const cases: Record<string, (ann: Talk) => void> = {
    'a new session claims to have received': (ann) => [ann.connect({ nextExpectedSeq: 1 })],
    'a new session claims to have sent': (ann) => [ann.connect({ nextSentSeq: 1 })],
    'more than was delivered': (ann) => [ann.connect(), ann.heartbeat(), ann.closed(), ann.connect({ nextExpectedSeq: 2 })],
    'less than was acknowledged': (ann) => [
      ...[ann.connect(), ann.heartbeat(), ann.echo(), ann.closed()],
      ann.connect({ nextExpectedSeq: 0 }),
    ],
    'more than came late on a connection that the server has left': (ann) => [
      ...[ann.connect(), ann.heartbeat({ lost: true }), ann.closed('server', 'close'), ann.again('server', 0, { injected: true })],
      ann.connect({ nextExpectedSeq: 2 }),
    ],
    'less than it answered late on a connection that the server has left': (ann) => [
      ...[ann.connect(), ann.heartbeat({ lost: true }), ann.closed('server', 'close'), ann.again('server', 0, { injected: true })],
      ...[ann.echo({ lost: true }), ann.connect({ nextExpectedSeq: 0 })],
    ],
    'what came late on a connection that it aborted': (ann) => [
      ...[ann.connect(), ann.heartbeat({ lost: true }), ann.closed('client', 'rst'), ann.again('server', 0, { injected: true })],
      ann.connect({ nextExpectedSeq: 1 }),
    ],
    'the next seq instead of the oldest unacknowledged': (ann) => [
      ...[ann.connect(), ann.open('r', 's.rpc'), ann.closed()],
      ann.connect({ nextSentSeq: 1 }),
    ],
    'an acknowledged message': (ann) => [
      ...[ann.connect(), ann.open('r', 's.rpc'), ann.result('r', 8), ann.heartbeat(), ann.echo(), ann.closed()],
      ann.connect({ nextSentSeq: 0 }),
    ],
  };
  it.each(Object.entries(cases))('%s', (_name, play) => {
    expect(brokenBy(resumeClaim, play)).toEqual(['RIVER-HS-04 client']);
  });
});

describe('envelope and frames', () => {
  const broken = (error: string, custom?: string) => (ann: Talk) => [
    ann.connect(),
    ann.say('client', {}, { broken: error, ...(custom === undefined ? {} : { custom }) }),
  ];
  it.each([
    ['RIVER-MSG-01', 'seq is not an integer', undefined],
    ['RIVER-MSG-01', 'the root is not a map', undefined],
    ['RIVER-MSG-02', 'serviceName is not a string', 'RIVER-MSG-02'],
    ['RIVER-MSG-16', 'tracing is not a map with strings traceparent and tracestate', 'RIVER-MSG-16'],
    ['RIVER-MSG-18', 'payload is missing', 'RIVER-MSG-18'],
    ['RIVER-CODEC-10', 'not json: $b does not hold an integer', 'RIVER-CODEC-10'],
  ])('%s: %s', (rule, error, custom) => {
    expect(brokenBy(envelope, broken(error, custom))).toEqual([`${rule} client`]);
    expect(brokenBy(binaryFrames, broken(error, custom))).toEqual([]);
  });

  it('what only our own limits refuse is nobody’s fault', () => {
    expect(brokenBy(envelope, broken('not json: more than 9 values', 'RIVER-SEC-08'))).toEqual([]);
  });

  it('a handshake that only tolerant receivers read breaks the custom alone', () => {
    const partial = { broken: 'tracing is not a map', custom: 'RIVER-MSG-16' };
    const asked = (ann: Talk) => [ann.opened(), ann.request({}, {}, partial), ann.response()];
    const answered = (ann: Talk) => [ann.opened(), ann.request(), ann.response(undefined, {}, partial)];
    for (const play of [asked, answered]) {
      expect(brokenBy(handshakeRequest, play)).toEqual([]);
      expect(brokenBy(handshakeResponse, play)).toEqual([]);
    }
  });

  it('a text frame', () => {
    expect(brokenBy(binaryFrames, broken('a text frame', 'RIVER-CODEC-02'))).toEqual(['RIVER-CODEC-01 client']);
    expect(brokenBy(envelope, broken('a text frame', 'RIVER-CODEC-02'))).toEqual([]);
  });
});

describe('identities', () => {
  const cases: Record<string, [string, (ann: Talk) => void]> = {
    'a client nobody knows': ['client', (ann) => [ann.opened(), ann.request({ from: 'eve' })]],
    'a client that changes its name': ['client', (ann) => [ann.connect(), ann.open('r', 's.rpc', 10, { from: 'bob' })]],
    'a client that addresses another server': ['client', (ann) => [ann.connect(), ann.open('r', 's.rpc', 10, { to: 'OTHER' })]],
    'a server under another name': ['server', (ann) => [ann.opened(), ann.request(), ann.response(undefined, { from: 'OTHER' })]],
    'a server that addresses another client': ['server', (ann) => [ann.connect(), ann.say('server', { to: 'bob' })]],
  };
  it.each(Object.entries(cases))('%s', (_name, [role, play]) => {
    expect(brokenBy(identities, play)).toEqual([`RIVER-MSG-05 ${role}`]);
  });

  it('an answer to bytes that name nobody may be addressed to anybody', () => {
    const answered = (ann: Talk): void => {
      ann.opened();
      ann.request({}, {}, { broken: 'no map' });
      ann.request();
      ann.response({ ok: false, code: 'MALFORMED_HANDSHAKE', reason: '' }, { to: '' });
    };
    expect(brokenBy(identities, answered)).toEqual([]);
  });
});
