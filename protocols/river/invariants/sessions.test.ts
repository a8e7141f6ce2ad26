import { describe, expect, it } from 'vitest';
import { HEARTBEAT_STREAM, REHANDSHAKE_STREAM } from '../message.ts';
import { deadSession } from './dead-session.ts';
import { heartbeatEcho } from './heartbeat-echo.ts';
import { heartbeatPace } from './heartbeat-pace.ts';
import { laterSession } from './later-session.ts';
import { rehandshake } from './rehandshake.ts';
import { sessionContinuity } from './session-continuity.ts';
import { brokenBy, type Scene, type Talk } from './testing.ts';

type Play = (ann: Talk, stage: Scene) => void;
const refused = (code: string) => ({ ok: false, code, reason: 'no' });

describe('heartbeat echo', () => {
  const cases: Record<string, [string, Play]> = {
    'a client that starts': ['RIVER-HB-04', (ann) => [ann.connect(), ann.echo()]],
    'two echoes for one heartbeat': ['RIVER-HB-03', (ann) => [ann.connect(), ann.heartbeat(), ann.echo(), ann.echo()]],
    'an echo of a duplicate': [
      'RIVER-HB-03',
      (ann) => [ann.connect(), ann.heartbeat(), ann.echo(), ann.again('server', 0, { injected: true }), ann.echo()],
    ],
    'an acknowledgement of data': ['RIVER-SEQ-12', (ann) => [ann.connect(), ann.open('k', 's.stream'), ann.result('k'), ann.echo()]],
    'no echo at all': [
      'RIVER-HB-03',
      (ann, stage) => [ann.connect(), ann.heartbeat(), ann.open('r', 's.rpc'), stage.wait(3000), ann.closed()],
    ],
    'no echo even after a resume': [
      'RIVER-HB-03',
      (ann, stage) => [ann.connect(), ann.heartbeat(), ann.closed(), ann.connect(), stage.wait(3000), ann.closed()],
    ],
  };
  it.each(Object.entries(cases))('%s', (_name, [rule, play]) => {
    expect(brokenBy(heartbeatEcho, play)).toEqual([`${rule} client`]);
  });

  const fine: Record<string, Play> = {
    'a heartbeat that the client may not have read': (ann, stage) => [ann.connect(), ann.heartbeat(), stage.wait(3000), ann.closed()],
    'a heartbeat that was meant for somebody else': (ann, stage) => [
      ...[ann.connect(), ann.say('server', { streamId: 'heartbeat', controlFlags: 1, payload: { type: 'ACK' }, to: 'bob' })],
      ...[ann.open('r', 's.rpc'), stage.wait(3000), ann.closed()],
    ],
    'an echo that a fault may have kept': (ann, stage) => {
      ann.connect();
      ann.heartbeat();
      ann.open('r', 's.rpc');
      stage.events.push({ type: 'fault', n: stage.events.length, t: 1, connection: 0, what: 'stall' });
      stage.wait(3000);
      ann.closed();
    },
  };
  it.each(Object.entries(fine))('tolerates %s', (_name, play) => {
    expect(brokenBy(heartbeatEcho, play)).toEqual([]);
  });
});

describe('heartbeat pace', () => {
  it('a server that answers heartbeats', () => {
    const play: Play = (ann) => {
      ann.connect();
      for (let i = 0; i < 4; i += 1) {
        ann.heartbeat();
        ann.echo();
      }
    };
    expect(brokenBy(heartbeatPace, play)).toEqual(['RIVER-HB-05 server']);
  });

  // Seen three intervals late before the loss; what the timer owed until then comes at once behind the resume.
  const lagging =
    (owed: number): Play =>
    (ann, stage) => {
      ann.connect();
      stage.wait(4000);
      ann.heartbeat();
      ann.closed();
      ann.connect();
      for (let i = 0; i < owed; i += 1) ann.heartbeat();
      ann.echo();
      ann.heartbeat();
    };
  it('a slow writer that is even with its timer after a resume', () => {
    expect(brokenBy(heartbeatPace, lagging(4))).toEqual([]);
  });

  it('more after a resume than the timer of the whole session explains', () => {
    expect(brokenBy(heartbeatPace, lagging(9))).toEqual(['RIVER-HB-05 server']);
  });
});

describe('session continuity', () => {
  const lost: Play = (ann, stage) => [ann.connect(), ann.open('k', 's.stream'), ann.closed(), stage.wait(200)];
  const anew: Play = (ann) => [ann.renew('session-2'), ann.connect()];
  const refusedWith =
    (code: string): Play =>
    (ann) => [ann.opened(), ann.request(), ann.response(refused(code)), ann.closed('server', 'close')];
  const cases: Record<string, [string, Play]> = {
    'a new session after a loss': ['RIVER-RECON-01', (ann, stage) => [lost(ann, stage), anew(ann, stage)]],
    'a new session after an orderly close': [
      'RIVER-RECON-19',
      (ann, stage) => [ann.connect(), ann.closed('server', 'close'), stage.wait(200), anew(ann, stage)],
    ],
    'a new session after its own close for silence': [
      'RIVER-RECON-19',
      (ann, stage) => [ann.connect(), stage.wait(2500), ann.closed('client', 'close'), anew(ann, stage)],
    ],
    'a new session after its own close for a gap': [
      'RIVER-RECON-19',
      (ann, stage) => [ann.connect(), ann.heartbeat({ lost: true }), ann.heartbeat(), ann.closed('client', 'close'), anew(ann, stage)],
    ],
    'a new session before the answer': [
      'RIVER-RECON-21',
      (ann, stage) => [ann.opened(), ann.request(), ann.closed('server', 'rst'), stage.wait(200), anew(ann, stage)],
    ],
    'the old session after a mismatch': ['RIVER-HS-20', (ann, stage) => [refusedWith('SESSION_STATE_MISMATCH')(ann, stage), ann.connect()]],
    'the same handshake after a refusal for good': [
      'RIVER-HS-21',
      (ann, stage) => [refusedWith('REJECTED_BY_CUSTOM_HANDLER')(ann, stage), ann.connect()],
    ],
    'the old session after an invalid message': [
      'RIVER-RECON-22',
      (ann) => [ann.connect(), ann.say('server', {}, { broken: 'id is missing' }), ann.closed('client', 'close'), ann.connect()],
    ],
  };
  it.each(Object.entries(cases))('%s', (_name, [rule, play]) => {
    expect(brokenBy(sessionContinuity, play)).toEqual([`${rule} client`]);
  });

  const excuses: Record<string, Play> = {
    'grace may be over': (ann, stage) => [lost(ann, stage), stage.wait(4000), anew(ann, stage)],
    'the client was closed': (ann, stage) => [lost(ann, stage), stage.application('client', { kind: 'disconnect' }), anew(ann, stage)],
    'it closed for a reason of its own': (ann, stage) => [ann.connect(), ann.closed('client', 'close'), anew(ann, stage)],
    'a handshake could not be made': (ann, stage) => [lost(ann, stage), ann.opened(), ann.closed('client', 'close'), anew(ann, stage)],
    'the answer could not be read': (ann, stage) => [
      ...[ann.opened(), ann.request(), ann.response({}, {}, { broken: 'id is missing' }), ann.closed('client', 'close')],
      anew(ann, stage),
    ],
    'its attempts may be used up': (ann, stage) => {
      lost(ann, stage);
      stage.events.push({ type: 'fault', n: stage.events.length, t: 0, connection: undefined, what: 'refuse' });
      stage.wait(2000);
      anew(ann, stage);
    },
  };
  it.each(Object.entries(excuses))('a new session is excused: %s', (_name, play) => {
    expect(brokenBy(sessionContinuity, play, { timers: { sessionDisconnectGraceMs: 5000, baseIntervalMs: 150 } })).toEqual([]);
  });

  it('a new session is excused where resumes are off, or two clients share an id', () => {
    const play: Play = (ann, stage) => [lost(ann, stage), anew(ann, stage)];
    expect(brokenBy(sessionContinuity, play, { options: { transparentReconnects: false } })).toEqual([]);
    expect(brokenBy(sessionContinuity, play, { clientIds: ['ann', 'ann'] })).toEqual([]);
  });
});

describe('later session', () => {
  const twoSessions = (then: Play): Play => {
    return (ann, stage) => [
      ann.connect(),
      ann.open('k', 's.stream'),
      ann.result('k'),
      ann.closed(),
      ann.renew('session-2'),
      ann.connect(),
      then(ann, stage),
    ];
  };
  const cases: Record<string, [string, Play]> = {
    'an old message': ['RIVER-RECON-14 client', twoSessions((ann) => ann.open('k', 's.stream', 2, { id: 'ann-client-3' }))],
    'an old handle': ['RIVER-RECON-25 client', twoSessions((ann) => ann.cancel('client', 'k'))],
    'an old handler': ['RIVER-RECON-24 server', twoSessions((ann) => ann.result('k'))],
    'an old message after a foreign ok': [
      'RIVER-HS-24 client',
      (ann) => [
        ...[ann.connect(), ann.open('k', 's.stream', 2, { id: 'mine' }, { lost: true }), ann.closed(), ann.opened(), ann.request()],
        ...[ann.response({ ok: true, sessionId: 'other' }), ann.open('k', 's.stream', 2, { id: 'mine' })],
      ],
    ],
  };
  it.each(Object.entries(cases))('%s', (_name, [rule, play]) => {
    expect(brokenBy(laterSession, play)).toEqual([rule]);
  });

  it('says nothing where a client spoke before its handshake was answered', () => {
    const early: Play = (ann) => [
      ...[ann.connect(), ann.open('k', 's.stream'), ann.result('k'), ann.closed(), ann.renew('session-2'), ann.opened(), ann.request()],
      ...[ann.say('client', { streamId: 'k' }), ann.response(), ann.cancel('server', 'k', 'INVALID_REQUEST')],
    ];
    expect(brokenBy(laterSession, early)).not.toContain('RIVER-RECON-24 server');
  });

  it('a new call may choose an id that was used before', () => {
    expect(
      brokenBy(
        laterSession,
        twoSessions((ann) => [ann.open('k', 's.stream'), ann.result('k')]),
      ),
    ).toEqual([]);
  });
});

describe('rehandshake', () => {
  const ask = { streamId: REHANDSHAKE_STREAM, payload: { type: 'REHANDSHAKE_REQ' } };
  const answer = { streamId: REHANDSHAKE_STREAM, payload: { type: 'REHANDSHAKE_RESP' } };
  const cases: Record<string, [string, Play]> = {
    'a request with flags': ['RIVER-REHS-01 server', (ann) => [ann.connect(), ann.say('server', { ...ask, controlFlags: 8 })]],
    'a request with names': ['RIVER-REHS-01 server', (ann) => [ann.connect(), ann.say('server', { ...ask, serviceName: 's' })]],
    'an answer of another type': [
      'RIVER-REHS-02 client',
      (ann) => [ann.connect(), ann.say('server', ask), ann.say('client', { ...answer, payload: { type: 'HANDSHAKE_REQ' } })],
    ],
    'a complaint on the reserved stream': ['RIVER-REHS-01 server', (ann) => [ann.connect(), ann.cancel('server', REHANDSHAKE_STREAM)]],
    'a request elsewhere': ['RIVER-REHS-03 server', (ann) => [ann.connect(), ann.say('server', { ...ask, streamId: 'k' })]],
    'an answer nobody asked for': ['RIVER-REHS-12 client', (ann) => [ann.connect(), ann.say('client', answer)]],
    'an answer in the next session': [
      'RIVER-REHS-12 client',
      (ann) => [ann.connect(), ann.say('server', ask), ann.closed(), ann.renew('session-2'), ann.connect(), ann.say('client', answer)],
    ],
  };
  it.each(Object.entries(cases))('%s', (_name, [rule, play]) => {
    expect(brokenBy(rehandshake, play)).toEqual([rule]);
  });
});

describe('dead session', () => {
  const cases: Record<string, [string, Play]> = {
    'a server that keeps talking to a stranger': [
      'RIVER-SEC-01 server',
      (ann, stage) => [ann.connect(), ann.say('client', { from: 'eve' }), stage.wait(3000), ann.heartbeat()],
    ],
    'a client that keeps listening to a stranger': [
      'RIVER-SEC-02 client',
      (ann, stage) => [ann.connect(), ann.say('server', { from: 'eve' }), stage.wait(3000), ann.closed('server')],
    ],
    'a server that overlooks garbage': [
      'RIVER-RECON-22 server',
      (ann, stage) => [ann.connect(), ann.say('client', {}, { broken: 'the root is not a map' }), stage.wait(3000), ann.heartbeat()],
    ],
  };
  it.each(Object.entries(cases))('%s', (_name, [rule, play]) => {
    expect(brokenBy(deadSession, play)).toEqual([rule]);
  });

  it('is judged neither too early nor where frames may be read more kindly', () => {
    const early: Play = (ann) => [ann.connect(), ann.say('client', { from: 'eve' }), ann.heartbeat()];
    const text: Play = (ann, stage) => [
      ann.connect(),
      ann.say('client', {}, { broken: 'a text frame', custom: 'RIVER-CODEC-02' }),
      stage.wait(3000),
      ann.heartbeat(),
    ];
    const closing: Play = (ann, stage) => {
      ann.connect();
      ann.say('client', { streamId: HEARTBEAT_STREAM }, { broken: 'id is missing' });
      const frame = { kind: 'close', class: 'closing', code: 1000, reason: '' } as const;
      stage.events.push({ type: 'sent', n: stage.events.length, t: 0, connection: 0, from: 'server', frame, decoded: undefined });
      stage.wait(3000);
      ann.closed('client');
    };
    for (const play of [early, text, closing]) expect(brokenBy(deadSession, play)).toEqual([]);
  });
});
