import { describe, expect, it } from 'vitest';
import { clientSilence } from './client-silence.ts';
import { clientStreams } from './client-streams.ts';
import { serverSilence } from './server-silence.ts';
import { serverStreams } from './server-streams.ts';
import { subscriptionAnswer } from './subscription-answer.ts';
import { brokenBy, type Scene, type Talk } from './testing.ts';

type Play = (ann: Talk, stage: Scene) => void;
const request = { streamId: 'k', payload: { n: 1 } };
const opened =
  (kind: string, then: Play, openFlags?: number): Play =>
  (ann, stage) => {
    ann.connect();
    ann.open('k', `s.${kind}`, openFlags);
    then(ann, stage);
  };

describe('client streams', () => {
  const cases: Record<string, [string[], Play]> = {
    'a stream that was never opened': [['RIVER-MSG-08'], (ann) => [ann.connect(), ann.say('client', request)]],
    'an open without names': [['RIVER-MSG-08'], (ann) => [ann.connect(), ann.say('client', { ...request, controlFlags: 2 })]],
    'the open bit again': [['RIVER-MSG-08', 'RIVER-MSG-10'], opened('stream', (ann) => ann.say('client', { ...request, controlFlags: 2 }))],
    'a reserved id': [['RIVER-MSG-10'], (ann) => [ann.connect(), ann.open('heartbeat', 's.rpc')]],
    'an rpc left open': [['RIVER-STREAM-RPC-01'], opened('rpc', () => undefined, 2)],
    'an rpc with a request': [['RIVER-STREAM-RPC-01'], opened('rpc', (ann) => ann.say('client', request))],
    'a stream closed at once': [['RIVER-STREAM-STR-01'], opened('stream', () => undefined, 10)],
    'an upload closed at once': [['RIVER-STREAM-UP-01'], opened('upload', () => undefined, 10)],
    'a request with odd flags': [['RIVER-STREAM-UP-01'], opened('upload', (ann) => ann.say('client', { ...request, controlFlags: 16 }))],
    'a subscription with a request': [['RIVER-STREAM-SUB-01'], opened('subscription', (ann) => ann.say('client', request), 10)],
    'a subscription with odd flags': [['RIVER-STREAM-SUB-01'], opened('subscription', () => undefined, 18)],
    'a second close of a subscription': [['RIVER-STREAM-SUB-03'], opened('subscription', (ann) => ann.close('client', 'k'), 10)],
  };
  it.each(Object.entries(cases))('%s', (_name, [rules, play]) => {
    expect(brokenBy(clientStreams, play)).toEqual(rules.map((rule) => `${rule} client`));
  });

  it('says nothing of flags where the kind is unknown or the version old', () => {
    expect(
      brokenBy(
        clientStreams,
        opened('other', (ann) => ann.say('client', request), 10),
      ),
    ).toEqual([]);
    const old: Play = (ann) => [ann.opened(), ann.request({}, { protocolVersion: 'v1.1' }), ann.response(), ann.open('k', 's.rpc', 2)];
    expect(brokenBy(clientStreams, old)).toEqual([]);
  });
});

describe('subscription answer', () => {
  const closedByServer = (then: Play): Play =>
    opened('subscription', (ann, stage) => [ann.close('server', 'k'), stage.wait(1000), ann.heartbeat(), ann.echo(), then(ann, stage)]);
  it('is missing', () => {
    expect(
      brokenBy(
        subscriptionAnswer,
        closedByServer(() => undefined),
      ),
    ).toEqual(['RIVER-STREAM-SUB-03 client']);
  });
  it('is not due where the close was meant for somebody else', () => {
    const play = opened('subscription', (ann, stage) => [
      ann.close('server', 'k', { to: 'bob' }),
      ...[stage.wait(1000), ann.heartbeat(), ann.echo()],
    ]);
    expect(brokenBy(subscriptionAnswer, play)).toEqual([]);
  });
  it('may come late, or not yet', () => {
    expect(
      brokenBy(
        subscriptionAnswer,
        closedByServer((ann) => ann.close('client', 'k')),
      ),
    ).toEqual([]);
    expect(
      brokenBy(
        subscriptionAnswer,
        opened('subscription', (ann) => [ann.close('server', 'k'), ann.heartbeat(), ann.echo()]),
      ),
    ).toEqual([]);
  });
});

describe('server streams', () => {
  const cases: Record<string, [string[], Play]> = {
    'a stream nobody opened': [['RIVER-MSG-09'], (ann) => [ann.connect(), ann.result('k')]],
    'a stream whose opening was lost': [
      ['RIVER-MSG-09'],
      (ann) => [ann.connect(), ann.open('k', 's.rpc', 10, {}, { lost: true }), ann.result('k', 8)],
    ],
    'data on a stream that was only written to': [['RIVER-MSG-09'], (ann) => [ann.connect(), ann.say('client', request), ann.result('k')]],
    'an error on the heartbeat stream': [
      ['RIVER-MSG-09'],
      (ann) => [ann.connect(), ann.heartbeat(), ann.echo(), ann.cancel('server', 'heartbeat')],
    ],
    'an answer to what was meant for another': [
      ['RIVER-SEC-04'],
      (ann) => [ann.connect(), ann.open('k', 's.rpc', 10, { to: 'OTHER' }), ann.result('k', 8)],
    ],
    'bare data': [['RIVER-MSG-14', 'RIVER-STREAM-STR-02'], opened('stream', (ann) => ann.say('server', request))],
    'an error without a code': [
      ['RIVER-MSG-14', 'RIVER-STREAM-RPC-02'],
      opened('rpc', (ann) => ann.say('server', { streamId: 'k', controlFlags: 8, payload: { ok: false, payload: {} } })),
    ],
    'an rpc answered without the bit': [['RIVER-STREAM-RPC-02'], opened('rpc', (ann) => ann.result('k', 0))],
    'an rpc answered twice': [['RIVER-STREAM-RPC-02'], opened('rpc', (ann) => [ann.result('k', 8), ann.result('k', 8)])],
    'an rpc closed apart': [['RIVER-STREAM-RPC-02'], opened('rpc', (ann) => [ann.result('k', 8), ann.close('server', 'k')])],
    'an upload closed apart': [['RIVER-STREAM-UP-02'], opened('upload', (ann) => [ann.result('k', 8), ann.close('server', 'k')])],
    'an upload answered without the bit': [['RIVER-STREAM-UP-02'], opened('upload', (ann) => ann.result('k', 0))],
    'a stream that ends with a result': [['RIVER-STREAM-STR-02'], opened('stream', (ann) => ann.result('k', 8))],
    'a subscription that ends with a result': [['RIVER-STREAM-SUB-02'], opened('subscription', (ann) => ann.result('k', 8))],
  };
  it.each(Object.entries(cases))('%s', (_name, [rules, play]) => {
    expect(brokenBy(serverStreams, play)).toEqual(rules.map((rule) => `${rule} server`));
  });
});

describe('server streams on a reserved id', () => {
  it('tolerates an answer where the client misused it', () => {
    const play: Play = (ann) => [ann.connect(), ann.open('heartbeat', 's.rpc'), ann.result('heartbeat', 8)];
    expect(brokenBy(serverStreams, play)).toEqual([]);
  });
  it('notices a server that uses it by itself', () => {
    expect(brokenBy(serverStreams, (ann) => [ann.connect(), ann.result('heartbeat', 8)])).toEqual(['RIVER-MSG-09 server']);
  });
});

describe('client silence', () => {
  const cases: Record<string, [string, Play]> = {
    'data after the close': ['RIVER-STREAM-02', opened('stream', (ann) => [ann.close('client', 'k'), ann.say('client', request)])],
    'two closes': ['RIVER-STREAM-02', opened('stream', (ann) => [ann.close('client', 'k'), ann.close('client', 'k')])],
    'a close after the cancel': ['RIVER-CANCEL-02', opened('stream', (ann) => [ann.cancel('client', 'k'), ann.close('client', 'k')])],
    'two cancels': ['RIVER-CANCEL-10', opened('stream', (ann) => [ann.cancel('client', 'k'), ann.cancel('client', 'k')])],
    'a cancel of a finished rpc': ['RIVER-CANCEL-10', opened('rpc', (ann) => [ann.result('k', 8), ann.cancel('client', 'k')])],
    'a close after the server cancelled': [
      'RIVER-CANCEL-08',
      opened('stream', (ann) => [ann.cancel('server', 'k'), ann.close('client', 'k')]),
    ],
    'a cancel after the server cancelled': [
      'RIVER-CANCEL-08',
      opened('stream', (ann) => [ann.cancel('server', 'k'), ann.cancel('client', 'k')]),
    ],
  };
  it.each(Object.entries(cases))('%s', (_name, [rule, play]) => {
    expect(brokenBy(clientSilence, play)).toEqual([`${rule} client`]);
  });

  it('a cancel that was meant for somebody else ends nothing', () => {
    const play = opened('stream', (ann) => [ann.cancel('server', 'k', 'CANCEL', { to: 'bob' }), ann.say('client', request)]);
    expect(brokenBy(clientSilence, play)).toEqual([]);
  });

  it('a cancel may cross with the end', () => {
    expect(
      brokenBy(
        clientSilence,
        opened('rpc', (ann) => [ann.result('k', 8), ann.cancel('client', 'k', 'CANCEL', { ack: 0 })]),
      ),
    ).toEqual([]);
  });
});

describe('server silence', () => {
  const invalid = (ann: Talk): void => ann.cancel('server', 'k', 'INVALID_REQUEST');
  const cases: Record<string, [string, Play]> = {
    'a result after the close': ['RIVER-STREAM-02', opened('stream', (ann) => [ann.close('server', 'k'), ann.result('k')])],
    'a cancel after the result of an rpc': ['RIVER-STREAM-02', opened('rpc', (ann) => [ann.result('k', 8), ann.cancel('server', 'k')])],
    'a complaint about a finished rpc': ['RIVER-STREAM-02', opened('rpc', (ann) => [ann.result('k', 8), invalid(ann)])],
    'a close after an uncaught error': [
      'RIVER-STREAM-02',
      opened('stream', (ann) => [ann.cancel('server', 'k', 'UNCAUGHT_ERROR'), ann.close('server', 'k')]),
    ],
    'a result after an invalid request': ['RIVER-STREAM-02', opened('stream', (ann) => [invalid(ann), ann.result('k')])],
    'a result after the cancel of the handler': [
      'RIVER-CANCEL-06',
      opened('upload', (ann) => [ann.cancel('server', 'k'), ann.result('k', 8)]),
    ],
    'a result after the cancel of the client': ['RIVER-CANCEL-05', opened('stream', (ann) => [ann.cancel('client', 'k'), ann.result('k')])],
    'an error after the cancel of the client': [
      'RIVER-CANCEL-05',
      opened('rpc', (ann) => [ann.cancel('client', 'k'), ann.cancel('server', 'k')]),
    ],
    'a close after the cancel of an rpc': [
      'RIVER-CANCEL-05',
      opened('rpc', (ann) => [ann.cancel('client', 'k'), ann.close('server', 'k')]),
    ],
    'a complaint about a cancel': [
      'RIVER-CANCEL-05',
      opened('stream', (ann) => [ann.result('k'), ann.cancel('client', 'k'), invalid(ann)]),
    ],
  };
  it.each(Object.entries(cases))('%s', (_name, [rule, play]) => {
    expect(brokenBy(serverSilence, play)).toEqual([`${rule} server`]);
  });

  const fine: Record<string, Play> = {
    'a result that crosses with the cancel': opened('rpc', (ann) => [ann.cancel('client', 'k'), ann.result('k', 8, { ack: 1 })]),
    'one complaint a bad message': opened('stream', (ann) => [
      ann.say('client', request),
      invalid(ann),
      ann.say('client', request),
      invalid(ann),
    ]),
    'a result after a cancel that was meant for somebody else': opened('stream', (ann) => [
      ann.cancel('client', 'k', 'CANCEL', { to: 'OTHER' }),
      ann.result('k'),
    ]),
    'a result in a session that began anew after an invalid message': opened('stream', (ann) => [
      ...[ann.cancel('client', 'k'), ann.say('client', {}, { broken: 'id is missing' }), ann.closed('server', 'close'), ann.opened()],
      ann.request({}, { expectedSessionState: { nextExpectedSeq: 0, nextSentSeq: 0 } }),
      ...[ann.response(), ann.renew('session-1'), ann.open('k', 's.stream'), ann.say('client', request), ann.result('k')],
    ]),
    'a result after a cancel under the number of an earlier message': opened('stream', (ann) => [
      ann.cancel('client', 'k', 'CANCEL', { seq: 0 }),
      ann.result('k', 0, { ack: 1 }),
    ]),
    'a new stream under the id of one that has ended': opened('rpc', (ann) => [
      ...[ann.result('k', 8), ann.open('k', 's.rpc'), ann.result('k', 8)],
    ]),
    'a complaint about a message after the end': opened('rpc', (ann) => [ann.result('k', 8), ann.close('client', 'k'), invalid(ann)]),
  };
  it.each(Object.entries(fine))('tolerates %s', (_name, play) => {
    expect(brokenBy(serverSilence, play)).toEqual([]);
  });
});
