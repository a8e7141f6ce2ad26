import { describe, expect, it } from 'vitest';
import { clientStreams } from './client-streams.ts';
import { controlPayloads } from './control-payloads.ts';
import { errors } from './errors.ts';
import { flags } from './flags.ts';
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

describe('flags', () => {
  const error = { ok: false, payload: { code: 'CANCEL', message: 'm' } };
  it.each([
    ['an unknown bit', 'RIVER-MSG-06', { controlFlags: 16 }],
    ['an ack bit beside another', 'RIVER-MSG-07', { controlFlags: 9, payload: { type: 'ACK' } }],
    ['a heartbeat with names', 'RIVER-MSG-07', { controlFlags: 1, payload: { type: 'ACK' }, serviceName: 's' }],
    ['a heartbeat with another payload', 'RIVER-MSG-07', { controlFlags: 1, payload: { type: 'ACK', extra: 1 } }],
    ['a cancel that closes too', 'RIVER-MSG-13', { controlFlags: 12, payload: error }],
    ['a cancel without an error', 'RIVER-MSG-13', { controlFlags: 4, payload: { type: 'CLOSE' } }],
    [
      'a cancel with a code of its own',
      'RIVER-MSG-13',
      { controlFlags: 4, payload: { ok: false, payload: { code: 'MINE', message: 'm' } } },
    ],
  ])('%s', (_name, rule, fields) => {
    for (const role of ['client', 'server'] as const) {
      expect(brokenBy(flags, (ann) => [ann.connect(), ann.say(role, fields)])).toEqual([`${rule} ${role}`]);
    }
  });

  it('a client that reports an error of the server', () => {
    expect(
      brokenBy(
        flags,
        opened('stream', (ann) => ann.cancel('client', 'k', 'INVALID_REQUEST')),
      ),
    ).toEqual(['RIVER-MSG-13 client']);
  });

  it('a server that opens a stream', () => {
    expect(brokenBy(flags, (ann) => [ann.connect(), ann.say('server', { controlFlags: 2 })])).toEqual(['RIVER-MSG-09 server']);
  });
});

describe('control payloads', () => {
  it.each([
    ['CLOSE without the bit', { controlFlags: 0, payload: { type: 'CLOSE' } }],
    ['CLOSE with more in it', { controlFlags: 8, payload: { type: 'CLOSE', why: 'so' } }],
    ['CLOSE misspelt', { controlFlags: 8, payload: { type: 'close' } }],
    ['nothing at all', { controlFlags: 8, payload: null }],
  ])('%s', (_name, fields) => {
    expect(
      brokenBy(
        controlPayloads,
        opened('stream', (ann) => ann.say('client', { streamId: 'k', ...fields })),
      ),
    ).toEqual(['RIVER-MSG-12 client']);
  });

  it('a last request may close', () => {
    const play = opened('upload', (ann) => ann.say('client', { ...request, controlFlags: 8 }));
    expect(brokenBy(controlPayloads, play)).toEqual([]);
    expect(brokenBy(clientStreams, play)).toEqual([]);
  });
});

describe('errors', () => {
  const result = (controlFlags: number, code: unknown, message: unknown = 'm'): Play =>
    opened('rpc', (ann) => ann.say('server', { streamId: 'k', controlFlags, payload: { ok: false, payload: { code, message } } }));
  it.each([
    ['RIVER-ERR-01', result(8, 'INVALID_REQUEST')],
    ['RIVER-ERR-01', result(4, 'INVALID_REQUEST', '')],
    ['RIVER-ERR-14', result(8, 'UNCAUGHT_ERROR')],
    ['RIVER-ERR-16', result(8, 7)],
    ['RIVER-ERR-16', result(8, 'CODE', null)],
    ['RIVER-ERR-17', result(8, 'UNEXPECTED_DISCONNECT')],
  ] as const)('%s', (rule, play) => {
    expect(brokenBy(errors, play)).toEqual([`${rule} server`]);
  });

  it('a client that sends what it should only tell its callers', () => {
    expect(
      brokenBy(
        errors,
        opened('stream', (ann) => ann.cancel('client', 'k', 'UNEXPECTED_DISCONNECT')),
      ),
    ).toEqual(['RIVER-ERR-17 client']);
  });
});
