import { describe, expect, it } from 'vitest';
import { HEARTBEAT_STREAM } from '../message.ts';
import { acknowledgement } from './acknowledgement.ts';
import { resumeDecision } from './resume-decision.ts';
import { retransmission } from './retransmission.ts';
import { sameContent } from './same-content.ts';
import { sequence } from './sequence.ts';
import { brokenBy, type Scene, type Talk } from './testing.ts';

type Play = (ann: Talk, stage: Scene) => void;
const refusal = { ok: false, code: 'SESSION_STATE_MISMATCH', reason: 'no' };
const data = (seq: number) => ({ streamId: 'k', payload: { msg: 'a' }, seq });

describe('sequence', () => {
  const cases: Record<string, [string, Play]> = {
    'a client skips a number': ['RIVER-SEQ-01 client', (ann) => [ann.connect(), ann.open('k', 's.stream'), ann.say('client', data(2))]],
    'a client repeats a number': ['RIVER-SEQ-01 client', (ann) => [ann.connect(), ann.open('k', 's.stream'), ann.say('client', data(0))]],
    'heartbeats are not counted': [
      'RIVER-SEQ-01 server',
      (ann) => [ann.connect(), ann.heartbeat(), ann.say('server', { streamId: HEARTBEAT_STREAM, controlFlags: 1, seq: 0 })],
    ],
    'a server starts at 1': ['RIVER-SEQ-13 server', (ann) => [ann.connect(), ann.say('server', { seq: 1 })]],
    'a client goes on counting in a new session': [
      'RIVER-SEQ-13 client',
      (ann) => [ann.connect(), ann.open('a', 's.rpc'), ann.renew('session-2'), ann.connect(), ann.open('b', 's.rpc', 10, { seq: 1 })],
    ],
  };
  it.each(Object.entries(cases))('%s', (_name, [rule, play]) => {
    expect(brokenBy(sequence, play)).toEqual([rule]);
  });
});

describe('acknowledgement', () => {
  const cases: Record<string, [string, Play]> = {
    'a client acknowledges too much': [
      'RIVER-SEQ-02 client',
      (ann) => [ann.connect(), ann.heartbeat(), ann.open('r', 's.rpc', 10, { ack: 2 })],
    ],
    'a client acknowledges what never came': [
      'RIVER-SEQ-02 client',
      (ann) => [ann.connect(), ann.heartbeat({ lost: true }), ann.open('r', 's.rpc', 10, { ack: 1 })],
    ],
    'a client acknowledges what came after a gap': [
      'RIVER-SEQ-02 client',
      (ann) => [ann.connect(), ann.heartbeat({ lost: true }), ann.heartbeat(), ann.open('r', 's.rpc', 10, { ack: 2 })],
    ],
    'a client counts a duplicate': [
      'RIVER-SEQ-02 client',
      (ann) => [ann.connect(), ann.heartbeat(), ann.again('server', 0, { injected: true }), ann.open('r', 's.rpc', 10, { ack: 2 })],
    ],
    'an echo does not acknowledge its heartbeat': [
      'RIVER-SEQ-02 client',
      (ann) => [ann.connect(), ann.heartbeat(), ann.say('client', { streamId: HEARTBEAT_STREAM, controlFlags: 1, ack: 0 })],
    ],
    'a result does not acknowledge its call': [
      'RIVER-SEQ-02 server',
      (ann) => [ann.connect(), ann.open('r', 's.rpc'), ann.result('r', 8, { ack: 0 })],
    ],
    'an ack decreases': [
      'RIVER-SEQ-02 server',
      (ann) => [
        ann.connect(),
        ann.open('r', 's.rpc'),
        ann.result('r', 8),
        ann.say('server', { streamId: HEARTBEAT_STREAM, controlFlags: 1, ack: 0 }),
      ],
    ],
    'a new session goes on acknowledging': [
      'RIVER-SEQ-02 client',
      (ann) => [ann.connect(), ann.heartbeat(), ann.renew('session-2'), ann.connect(), ann.open('b', 's.rpc', 10, { ack: 1 })],
    ],
    'a server takes a message with a foreign from': [
      'RIVER-SEC-01 server',
      (ann) => [ann.connect(), ann.open('r', 's.rpc', 10, { from: 'bob' }), ann.result('r', 8, { ack: 1 })],
    ],
    'a client takes a message with a foreign from': [
      'RIVER-SEC-02 client',
      (ann) => [ann.connect(), ann.say('server', { from: 'eve' }), ann.open('r', 's.rpc', 10, { ack: 1 })],
    ],
    'a server counts an unreadable message': [
      'RIVER-RECON-22 server',
      (ann) => [ann.connect(), ann.open('r', 's.rpc', 10, {}, { broken: 'id is missing' }), ann.result('r', 8, { ack: 1 })],
    ],
  };
  it.each(Object.entries(cases))('%s', (_name, [rule, play]) => {
    expect(brokenBy(acknowledgement, play)).toEqual([rule]);
  });

  it('says nothing of a session whose end may read more than others', () => {
    const play: Play = (ann) => [
      ann.connect(),
      ann.open('r', 's.rpc', 10, {}, { broken: 'a text frame', custom: 'RIVER-CODEC-02' }),
      ann.result('r', 8, { ack: 1 }),
    ];
    expect(brokenBy(acknowledgement, play)).toEqual([]);
  });

  it('says nothing of a lost session that a client spoke to before its handshake was answered', () => {
    const play: Play = (ann) => [
      ...[ann.connect(), ann.open('k', 's.rpc'), ann.result('k', 8), ann.closed(), ann.renew('session-1'), ann.opened(), ann.request()],
      ...[ann.say('client', { streamId: 'k' }), ann.response(), ann.cancel('server', 'k', 'INVALID_REQUEST')],
    ];
    expect(brokenBy(acknowledgement, play)).toEqual([]);
  });
});

describe('retransmission', () => {
  const lostTwo = (ann: Talk): unknown => [
    ...[ann.connect(), ann.open('k', 's.stream'), ann.result('k'), ann.say('client', data(1), { lost: true })],
    ...[ann.say('client', data(2), { lost: true }), ann.closed()],
  ];
  const cases: Record<string, [string[], Play]> = {
    'a client forgets its buffer': [['RIVER-RECON-02 client'], (ann) => [lostTwo(ann), ann.connect(), ann.say('client', data(3))]],
    'a client sends something newer between': [
      ['RIVER-RECON-02 client'],
      (ann) => [lostTwo(ann), ann.connect(), ann.again('client', 1), ann.say('client', data(3))],
    ],
    'a client repeats in the wrong order': [['RIVER-RECON-02 client'], (ann) => [lostTwo(ann), ann.connect(), ann.again('client', 2)]],
    'a client repeats what was acknowledged': [['RIVER-SEQ-07 client'], (ann) => [lostTwo(ann), ann.connect(), ann.again('client', 0)]],
    'a client repeats nothing at all': [
      ['RIVER-RECON-02 client'],
      (ann, stage) => [lostTwo(ann), ann.connect(), stage.wait(3000), ann.closed()],
    ],
    'a server forgets a result': [
      ['RIVER-RECON-03 server'],
      (ann) => [
        ...[ann.connect(), ann.open('k', 's.stream'), ann.result('k', 0, {}, { lost: true }), ann.closed(), ann.connect()],
        ann.result('k'),
      ],
    ],
    'a server forgets a heartbeat': [
      ['RIVER-RECON-03 server', 'RIVER-HB-02 server'],
      (ann) => [ann.connect(), ann.open('k', 's.stream'), ann.heartbeat({ lost: true }), ann.closed(), ann.connect(), ann.result('k')],
    ],
    'a server repeats what was acknowledged': [
      ['RIVER-SEQ-07 server'],
      (ann) => [
        ...[ann.connect(), ann.open('k', 's.stream'), ann.heartbeat(), ann.echo(), ann.result('k'), ann.closed(), ann.connect()],
        ann.again('server', 0),
      ],
    ],
  };
  it.each(Object.entries(cases))('%s', (_name, [rules, play]) => {
    expect(brokenBy(retransmission, play)).toEqual(rules);
  });
});

describe('same content', () => {
  const replay = (change: object): Play => {
    return (ann) => {
      ann.connect();
      const sent = ann.say('client', { streamId: 'k', payload: { msg: 'a' } }, { lost: true });
      ann.closed();
      ann.connect();
      ann.say('client', { ...sent, ...change });
    };
  };
  it.each([
    ['id', { id: 'other' }],
    ['stream', { streamId: 'l' }],
    ['flags', { controlFlags: 8 }],
    ['payload', { payload: { msg: 'b' } }],
  ])('a retransmission with another %s', (_name, change) => {
    expect(brokenBy(sameContent, replay(change))).toEqual(['RIVER-SEQ-11 client']);
  });

  it('a retransmission with a newer ack is fine', () => {
    expect(brokenBy(sameContent, replay({ ack: 1 }))).toEqual([]);
  });

  it('an id on two messages', () => {
    const play: Play = (ann) => [ann.connect(), ann.heartbeat(), ann.say('server', { id: 'twice' }), ann.say('server', { id: 'twice' })];
    expect(brokenBy(sameContent, play)).toEqual(['RIVER-MSG-03 server']);
  });

  it('of a session that may have died of a message read more kindly a number begins anew', () => {
    const play: Play = (ann) => [
      ...[
        ann.connect(),
        ann.open('r', 's.rpc', 10, {}, { broken: 'serviceName is not a string', custom: 'RIVER-MSG-02' }),
        ann.result('r', 8),
      ],
      ...[ann.closed(), ann.connect({ nextExpectedSeq: 2 }), ann.result('r', 8, { seq: 0 })],
    ];
    expect(brokenBy(sameContent, play)).toEqual([]);
  });

  it('an id on two handshakes', () => {
    const play: Play = (ann) => [ann.opened(), ann.request({ id: 'h' }), ann.closed(), ann.opened(), ann.request({ id: 'h' })];
    expect(brokenBy(sameContent, play)).toEqual(['RIVER-MSG-03 client']);
  });
});

describe('resume decision', () => {
  const called = (ann: Talk): unknown => [
    ann.connect(),
    ann.open('r', 's.rpc'),
    ann.result('r', 8),
    ann.heartbeat(),
    ann.echo(),
    ann.closed(),
  ];
  const cases: Record<string, [string, Play]> = {
    'a session that never was': ['RIVER-HS-11', (ann) => [ann.connect({ nextExpectedSeq: 1 })]],
    'a session that another one replaced': [
      'RIVER-HS-11',
      (ann) => [called(ann), ann.renew('session-2'), ann.connect(), ann.renew('session-1'), ann.connect({ nextExpectedSeq: 2 })],
    ],
    'the client is in the future': ['RIVER-HS-12', (ann) => [called(ann), ann.connect({ nextSentSeq: 5 })]],
    'the server is in the future': [
      'RIVER-HS-13',
      (ann) => [
        ann.connect(),
        ann.heartbeat(),
        ann.echo(),
        ann.heartbeat(),
        ann.open('r', 's.rpc'),
        ann.result('r', 8),
        ann.closed(),
        ann.connect({ nextExpectedSeq: 0 }),
      ],
    ],
    'both numbers agree': ['RIVER-RECON-06', (ann) => [called(ann), ann.opened(), ann.request(), ann.response(refusal)]],
    'an invalid message had destroyed it': [
      'RIVER-RECON-22',
      (ann) => [
        ...[ann.connect(), ann.open('r', 's.rpc'), ann.result('r', 8), ann.open('q', 's.rpc', 10, {}, { broken: 'id is missing' })],
        ...[ann.closed('server', 'close'), ann.connect()],
      ],
    ],
  };
  it.each(Object.entries(cases))('%s', (_name, [rule, play]) => {
    expect(brokenBy(resumeDecision, play)).toEqual([`${rule} server`]);
  });

  const excused: Record<string, Play> = {
    'grace may be over': (ann, stage) => [called(ann), stage.wait(4500), ann.opened(), ann.request(), ann.response(refusal)],
    'the server had closed': (ann) => [
      ...[ann.connect(), ann.open('r', 's.rpc'), ann.result('r', 8), ann.closed('server', 'close')],
      ...[ann.opened(), ann.request(), ann.response(refusal)],
    ],
    'another session was asked for between': (ann) => [
      ...[called(ann), ann.opened(), ann.request({}, { sessionId: 'b' }), ann.response(refusal)],
      ...[ann.opened(), ann.request(), ann.response(refusal)],
    ],
    'it may have begun anew': (ann) => [
      ...[ann.connect(), ann.open('r', 's.rpc'), ann.open('q', 's.rpc', 10, {}, { broken: 'id is missing' }), ann.result('r', 8)],
      ...[ann.closed('server', 'close'), ann.opened(), ann.request({}, { expectedSessionState: { nextExpectedSeq: 0, nextSentSeq: 0 } })],
      ...[ann.response(), ann.closed()],
      ...[ann.opened(), ann.request({}, { expectedSessionState: { nextExpectedSeq: 0, nextSentSeq: 1 } }), ann.response(refusal)],
    ],
    'a re-handshake was under way': (ann) => [
      ...[
        ann.connect(),
        ann.open('r', 's.rpc'),
        ann.result('r', 8),
        ann.say('server', { streamId: 'rehandshake', payload: { type: 'REHANDSHAKE_REQ' } }),
      ],
      ...[ann.closed(), ann.opened(), ann.request(), ann.response(refusal)],
    ],
  };
  it.each(Object.entries(excused))('a refusal is excused: %s', (_name, play) => {
    expect(brokenBy(resumeDecision, play)).toEqual([]);
  });

  it('a refusal is excused where resumes are switched off', () => {
    const play: Play = (ann) => [called(ann), ann.opened(), ann.request(), ann.response(refusal)];
    expect(brokenBy(resumeDecision, play, { options: { transparentReconnects: false } })).toEqual([]);
  });
});
