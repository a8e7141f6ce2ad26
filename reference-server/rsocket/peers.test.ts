import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { AbsenceError } from '../../protocols/common/absence.ts';
import type { Accept } from '../../protocols/common/environment.ts';
import { acceptOf } from '../../protocols/common/protocol.ts';
import { recorded, type Wires, wires } from '../../protocols/rsocket/testing/pair.ts';
import { makeRSocketClient } from '../../reference-client/rsocket/index.ts';
import { rsocketServer } from './index.ts';

const services: unknown = parse(readFileSync(new URL('../../cases/rsocket/services.yaml', import.meta.url), 'utf8'));
const make = rsocketServer(services);
const nowhere = { streamOf: () => undefined };

type Options = Readonly<Record<string, unknown>>;

function pair(clientOptions: Options = {}, serverOptions: Options = {}) {
  const told: string[] = [];
  let accept: Accept = () => {
    throw new Error('not yet');
  };
  const network: Wires = wires(() => accept);
  const server = make(network.environment, recorded(told, 'server'));
  const client = makeRSocketClient(network.environment, network.dial, recorded(told, 'client'));
  accept = acceptOf(server.serve({ server: 'main', binding: 'tcp', serverId: '', timers: {}, options: serverOptions }));
  void client.connect({
    ...{ client: 'main', url: '', binding: 'tcp', clientId: '', serverId: '', timers: {} },
    options: clientOptions,
    eager: false,
  });
  const run = (ms = 50): void => network.environment.advance(ms);
  const invoke = (kind: string, procedure: string, value: unknown, more: object = {}): void => {
    void client.invoke({ at: 'main', call: 'c', kind, procedure, value, ...more });
    run();
  };
  /** What was told, without what handlers saw and statuses. */
  const read = (): string[] => told.filter((line) => line.startsWith('c '));
  return { told, network, server, client, run, invoke, read };
}

let ends: ReturnType<typeof pair>;
beforeEach(() => {
  ends = pair();
});

describe('the five interactions', () => {
  it('request-response, with metadata and without', () => {
    ends.invoke('request-response', 'echo', 'hello', { metadata: '' });
    expect(ends.read()).toEqual(['c hello / ', 'c end']);
    expect(ends.network.said.slice(1)).toEqual([
      'client #1 REQUEST_RESPONSE echo "hello"',
      'server #1 PAYLOAD [complete, next] metadata "" "hello"',
    ]);
  });
  it.each([
    ['empty', ['c ', 'c end'], 'server #1 PAYLOAD [complete, next]'],
    ['nothing', ['c end'], 'server #1 PAYLOAD [complete]'],
    ['twice', ['c first', 'c end'], 'server #1 PAYLOAD [complete, next] "first"'],
    ['raise', ['c error APPLICATION_ERROR 0x301 mine', 'c end'], 'server #1 ERROR APPLICATION_ERROR "0x301 mine"'],
    ['error', ['c error 0x00000301 mine', 'c end'], 'server #1 ERROR 0x00000301 "mine"'],
    [
      'no-such',
      ['c error APPLICATION_ERROR there is no route no-such', 'c end'],
      'server #1 ERROR APPLICATION_ERROR "there is no route no-such"',
    ],
  ])('request-response %s', (procedure, read, wire) => {
    ends.invoke('request-response', procedure, '0x301 mine');
    expect(ends.read()).toEqual(read);
    expect(ends.network.said.slice(2)).toEqual([wire]);
  });
  it('fire-and-forget is never answered, not even where its handler fails', () => {
    ends.invoke('fire-and-forget', 'log-raise', 'a');
    expect(ends.network.frames('server')).toEqual([]);
    expect(ends.told).toContain('server log-raise started a');
    expect(ends.read()).toEqual([]);
  });
  it('request-stream under credit, with saturation', () => {
    ends.invoke('request-stream', 'ticks', '5', { credit: 2 });
    expect(ends.read()).toEqual(['c 1', 'c 2']);
    void ends.client.credit?.({ call: 'c', n: 2 });
    ends.run();
    expect(ends.read()).toEqual(['c 1', 'c 2', 'c 3', 'c 4']);
    for (const n of [0x7f_ff_ff_ff, 0x7f_ff_ff_ff]) void ends.client.credit?.({ call: 'c', n });
    ends.run();
    expect(ends.read().slice(4)).toEqual(['c 5', 'c end']);
  });
  it('an empty stream needs no credit to end', () => {
    ends.invoke('request-stream', 'ticks', '0', { credit: 1 });
    expect(ends.network.said.at(-1)).toBe('server #1 PAYLOAD [complete]');
  });
  it('a stream that is cancelled says no more', () => {
    ends.invoke('request-stream', 'ticks-slow', '50');
    void ends.client.cancel({ call: 'c' });
    ends.run(1000);
    const items = ends.network.frames('server').length;
    ends.run(5000);
    expect(ends.network.frames('server').filter(({ type }) => type === 'PAYLOAD').length).toBeLessThanOrEqual(items);
    expect(ends.told).toContain('server ticks-slow cancelled');
    expect(ends.read().at(-1)).toBe('c end');
  });
  it('a channel: both directions complete apart', () => {
    ends.invoke('request-channel', 'channel-sum', '1');
    for (const value of ['2', '3']) void ends.client.send({ call: 'c', value });
    void ends.client.finish({ call: 'c' });
    ends.run();
    expect(ends.read()).toEqual(['c 6', 'c end']);
  });
  it('a channel waits for credit item by item', () => {
    ends.invoke('request-channel', 'channel-withhold', '1');
    void ends.client.send({ call: 'c', value: '2' });
    ends.run();
    expect(ends.network.frames('client').filter(({ type }) => type === 'PAYLOAD')).toEqual([]);
  });
  it('a channel that its responder completes first, or stops, or fails', () => {
    ends.invoke('request-channel', 'channel-first', 'a');
    void ends.client.send({ call: 'c', value: 'b' });
    void ends.client.finish({ call: 'c' });
    ends.run();
    expect(ends.read()).toEqual(['c a', 'c end']);
    expect(ends.told).toContain('server channel-first request b');
  });
  it('an error of the requester ends both directions', () => {
    ends.invoke('request-channel', 'channel-echo', 'a');
    void ends.client.finish({ call: 'c', error: { code: 'APPLICATION_ERROR', message: 'enough' } });
    ends.run();
    expect(ends.told).toContain('server channel-echo requests-failed APPLICATION_ERROR');
    expect(ends.read()).toEqual(['c a', 'c end']);
  });
  it('metadata push, to the server and back', () => {
    ends.invoke('metadata-push', 'metadata-push', undefined, { metadata: 'mp' });
    expect(ends.told).toContain('server metadata-push started / mp');
    void ends.client.invoke({ at: 'main', call: 'd', kind: 'request-response', procedure: 'push-back', value: 'back' });
    ends.run();
    expect(ends.told).toContain('client metadata-push started / back');
  });
  it('the server calls back, and by itself', () => {
    ends.invoke('request-response', 'call-back', 'x');
    expect(ends.read()).toEqual(['c x', 'c end']);
    void ends.server.invoke?.({ at: 'main', call: 'c', kind: 'request-stream', procedure: 'ticks', value: '2' });
    ends.run();
    expect(ends.read().slice(2)).toEqual(['c 1', 'c 2', 'c end']);
    expect(
      ends.network
        .frames('server')
        .filter(({ type }) => type.startsWith('REQUEST_'))
        .map(({ streamId }) => streamId),
    ).toEqual([2, 4]);
  });
});

describe('fragments', () => {
  it.each([64, 12, 17])('of at most %i bytes make the payload again, and cost one credit', (fragmentSize) => {
    ends = pair({ fragmentSize }, { fragmentSize });
    const value = 'd'.repeat(300);
    ends.invoke('request-response', 'echo', value, { metadata: 'm'.repeat(200) });
    expect(ends.read()).toEqual([`c ${value} / ${'m'.repeat(200)}`, 'c end']);
  });
  it('a cancel drops what has come', () => {
    ends.invoke('request-response', 'count', '1');
    void ends.client.script({ send: { frame: 'REQUEST_RESPONSE', stream: 'x', route: 'count', data: '1', also: ['follows'] } }, nowhere);
    void ends.client.script({ send: { frame: 'CANCEL', stream: 'x' } }, nowhere);
    void ends.client.script({ send: { frame: 'PAYLOAD', stream: 'x', data: '1' } }, nowhere);
    ends.run();
    expect(ends.told.filter((line) => line.includes('count started'))).toHaveLength(1);
  });
});

describe('set-up', () => {
  it.each([
    ['another version', { major: 2 }, 'UNSUPPORTED_SETUP'],
    ['no keepalive', { keepalive: 0 }, 'INVALID_SETUP'],
    ['a token where there is no resumption', { token: 't' }, 'REJECTED_SETUP'],
    ['leases where there are none', { also: ['lease'] }, 'UNSUPPORTED_SETUP'],
    ['another stream', { id: 1 }, 'INVALID_SETUP'],
    ['half a frame', { cut: 12 }, 'INVALID_SETUP'],
    ['a refusal of the application', { data: 'refuse' }, 'REJECTED_SETUP'],
    ['a refusal that takes a while', { data: 'wait-20-refuse' }, 'REJECTED_SETUP'],
  ])('%s is refused', (_what, setup, code) => {
    void ends.client.script({ connect: 'raw' }, nowhere);
    void ends.client.script({ setup }, nowhere);
    void ends.client.script({ send: { frame: 'REQUEST_FNF', route: 'log', data: 'behind' } }, nowhere);
    ends.run();
    expect(ends.network.said.filter((line) => line.startsWith('server'))).toEqual([
      expect.stringContaining(`ERROR ${code}`),
      'server closes',
    ]);
    expect(ends.told.filter((line) => line.includes('log'))).toEqual([]);
    expect(ends.told).toContain(`client refused ${code}`);
    // It is the server that is to end the connection.
    expect(ends.network.said).not.toContain('client closes');
  });
  it('a client whose server has gone has no connection to end', () => {
    ends = pair({ setupData: 'refuse' });
    ends.invoke('request-response', 'echo', 'x');
    ends.run();
    expect(() => ends.client.script({ close: true }, nowhere)).toThrow(AbsenceError);
  });
  it('requests behind a SETUP that takes a while are answered', () => {
    ends = pair({ setupData: 'wait-20-yes' });
    ends.invoke('request-response', 'echo', 'x');
    expect(ends.read()).toEqual(['c x', 'c end']);
  });
});

describe('leases', () => {
  it('the requester waits for one and uses no more', () => {
    ends = pair({ leaseRequests: 5 }, { leaseRequests: 2 });
    for (const call of ['a', 'b', 'c'])
      void ends.client.invoke({ at: 'main', call, kind: 'request-response', procedure: 'echo', value: call });
    ends.run();
    expect(ends.told.filter((line) => line.endsWith(' end'))).toEqual(['a end', 'b end']);
    void ends.server.script({ lease: { requests: 1, ttl: 100 } }, nowhere);
    ends.run();
    expect(ends.read()).toEqual(['c c', 'c end']);
  });
  it('the responder rejects what is outside', () => {
    ends = pair({ leaseRequests: 5 }, { leaseRequests: 0 });
    void ends.client.connect({
      ...{ client: 'main', url: '', binding: 'tcp', clientId: '', serverId: '', timers: {}, options: {} },
      eager: true,
    });
    ends.run();
    void ends.client.script({ send: { frame: 'REQUEST_RESPONSE', stream: 'x', route: 'echo' } }, nowhere);
    ends.run();
    expect(ends.network.said.at(-1)).toBe('server #1 ERROR REJECTED "outside of the lease"');
  });
});

describe('keepalive', () => {
  it('beats, is answered with its data, and silence ends the connection', () => {
    ends.invoke('request-response', 'never', '');
    ends.run(2000);
    expect(ends.network.said.slice(-2)).toEqual(['client #0 KEEPALIVE position 0 [respond]', 'server #0 KEEPALIVE position 0']);
    ends.network.lose = 'server';
    ends.run(12_000);
    expect(ends.read()).toEqual(['c error CLOSED the connection is gone', 'c end']);
    expect(ends.network.environment.pending()).toBe(0);
  });
});

describe('resumption', () => {
  it.each([undefined, 'client', 'server'] as const)('goes on as if never broken, frames of %s lost before', (lose) => {
    ends = pair({ resume: true }, { resume: true });
    ends.invoke('request-stream', 'ticks-slow', '20');
    ends.network.lose = lose;
    if (lose === 'client') void ends.client.credit?.({ call: 'c', n: 5 });
    ends.run(120);
    ends.network.cut();
    ends.network.lose = undefined;
    ends.run(3000);
    expect(ends.read()).toEqual([...Array.from({ length: 20 }, (_, i) => `c ${i + 1}`), 'c end']);
    expect(ends.told).toContain('client resumed');
    expect(ends.network.said.filter((line) => line.includes('RESUME'))).toHaveLength(2);
  });
  it('a session that the server forgot is refused once, and its calls fail', () => {
    ends = pair({ resume: true }, { resume: true });
    ends.invoke('request-response', 'never', '');
    void ends.server.script({ 'forget-sessions': true }, nowhere);
    ends.run(5000);
    expect(ends.read()).toEqual(['c error REJECTED_RESUME there is no session of that token', 'c end']);
    expect(ends.network.said.filter((line) => line.includes(' RESUME '))).toHaveLength(1);
  });
  it.each([
    { 'server-position': 99_999 },
    { 'client-position': 99_999 },
    { 'server-position': 'true-1' },
    { token: 'unknown' },
    { major: 2 },
  ])('a RESUME with %o is refused without RESUME_OK', (resume) => {
    ends = pair({ resume: true }, { resume: true });
    ends.invoke('request-response', 'echo', 'x');
    void ends.client.script({ reconnect: 'off' }, nowhere);
    void ends.client.script({ connect: 'raw' }, nowhere);
    void ends.client.script({ resume }, nowhere);
    ends.run();
    expect(ends.network.said.filter((line) => line.includes('RESUME_OK'))).toEqual([]);
    expect(ends.network.said.findLast((line) => line.startsWith('server #'))).toMatch('ERROR REJECTED_RESUME');
  });
  it('a session expires', () => {
    ends = pair({ resume: true }, { resume: true });
    ends.invoke('request-response', 'never', '');
    void ends.client.script({ reconnect: 'off' }, nowhere);
    ends.network.cut();
    ends.run(11_000);
    expect(ends.read()).toEqual(['c error CLOSED the connection is gone', 'c end']);
    expect(ends.told).toContain('server never disconnected');
    expect(ends.network.environment.pending()).toBe(0);
  });
});

describe('the unexpected is ignored', () => {
  it.each([
    { frame: 'PAYLOAD', id: 7, data: 'x' },
    { frame: 'PAYLOAD', id: 0, data: 'x' },
    { frame: 'CANCEL', id: 7 },
    { frame: 'CANCEL', id: 0 },
    { frame: 'ERROR', id: 7 },
    { frame: 'ERROR', id: 0, code: 'INVALID_SETUP' },
    { frame: 'REQUEST_N', id: 7 },
    { frame: 'REQUEST_N', id: 0 },
    { frame: 'SETUP' },
    { frame: 'LEASE' },
    { frame: 'RESUME_OK' },
    { frame: 'METADATA_PUSH', id: 5, metadata: 'x' },
    { frame: 0x20, also: ['ignore'] },
    { frame: 0x20, id: 1, also: ['ignore'] },
    { frame: 'EXT', also: ['ignore'] },
    { frame: 'REQUEST_RESPONSE', id: 2, route: 'echo' },
    { frame: 'REQUEST_RESPONSE', id: 1, route: 'echo' },
    { frame: 'REQUEST_RESPONSE', id: 9, metadata: 'x', 'metadata-length': 99, also: ['ignore'] },
  ])('%o', (send) => {
    ends.invoke('request-response', 'slow', '100');
    void ends.client.script({ send }, nowhere);
    ends.run(300);
    expect(ends.read()).toEqual(['c 100', 'c end']);
    expect(ends.network.frames('server').map(({ type }) => type)).toEqual(['PAYLOAD']);
  });
  it.each([
    { frame: 0x20 },
    { frame: 'EXT' },
    { frame: 'RESUME' },
    { frame: 'REQUEST_RESPONSE', id: 9, metadata: 'x', 'metadata-length': 99 },
    { frame: 'REQUEST_STREAM', id: 9, cut: 8 },
  ])('but not %o', (send) => {
    ends.invoke('request-response', 'slow', '100');
    void ends.client.script({ send }, nowhere);
    ends.run(300);
    expect(ends.read()).toEqual([expect.stringMatching('c error CONNECTION_ERROR '), 'c end']);
  });
});
