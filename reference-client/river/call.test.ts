import { describe, expect, it } from 'vitest';
import type { ProcedureKind, RiverMessage } from '../../protocols/river/message.ts';
import type { MessageParts } from '../../protocols/river/session.ts';
import { Call } from './call.ts';

function start(kind: ProcedureKind) {
  const sent: [number, unknown][] = [];
  const read: unknown[] = [];
  const call = new Call(
    's',
    kind,
    { message: (result) => read.push(result.ok ? result.value : result.error), end: () => read.push('end') },
    (parts: MessageParts) => sent.push([parts.controlFlags, parts.payload]),
  );
  call.open({ serviceName: 'test', procedureName: 'x', init: 'init', tracing: undefined });
  const receive = (controlFlags: number, payload: unknown) => call.receive({ controlFlags, payload } as RiverMessage);
  const ok = (payload: unknown) => ({ ok: true, payload });
  return { call, sent, read, receive, ok };
}

const close = { type: 'CLOSE' };

describe('calls', () => {
  it.each([
    ['rpc', 10],
    ['subscription', 10],
    ['stream', 2],
    ['upload', 2],
  ] as const)('open %s with flags %i', (kind, flags) => {
    expect(start(kind).sent).toEqual([[flags, 'init']]);
  });

  it.each(['rpc', 'upload'] as const)('give the first result of an %s once the closed bit is there, and no surplus', (kind) => {
    const { call, read, receive, ok } = start(kind);
    receive(0, ok(1));
    expect(read).toEqual([]);
    receive(8, ok(2));
    expect(read).toEqual([1, 'end']);
    receive(8, ok(3));
    expect(read).toEqual([1, 'end']);
    expect(call.isOver).toBe(kind === 'rpc');
  });

  it('give each response of a stream and end with its close, the request side staying open', () => {
    const { call, sent, read, receive, ok } = start('stream');
    receive(0, ok(1));
    receive(0, { ok: false, payload: { code: 'STREAM_ERROR', message: 'm', extras: { a: 1 } } });
    receive(0, { no: 'result' });
    receive(8, close);
    receive(0, ok(9));
    expect(read).toEqual([1, { code: 'STREAM_ERROR', message: 'm', extras: { a: 1 } }, 'end']);
    call.write('late');
    call.finish();
    call.finish();
    call.write('later');
    expect(sent.slice(1)).toEqual([
      [0, 'late'],
      [8, close],
    ]);
    expect(call.isOver).toBe(true);
  });

  it('keep receiving after they closed their own side', () => {
    const { call, read, receive, ok } = start('stream');
    call.finish();
    receive(0, ok(1));
    receive(8, ok(2));
    expect(read).toEqual([1, 2, 'end']);
  });

  it('take no requests where the kind has none, and have nothing to finish', () => {
    const { call, sent } = start('subscription');
    expect(() => call.write(1)).toThrow('takes no requests');
    call.finish();
    expect(sent.length).toBe(1);
  });

  it('are cancelled once, at once and for good', () => {
    const { call, sent, read, receive, ok } = start('stream');
    call.cancel();
    call.cancel();
    call.write('x');
    call.finish();
    receive(0, ok(1));
    const error = { code: 'CANCEL', message: 'cancelled by client' };
    expect(sent.slice(1)).toEqual([[4, { ok: false, payload: error }]]);
    expect(read).toEqual([error, 'end']);
  });

  it('send no cancel once both sides are closed, but do while one is open', () => {
    const done = start('rpc');
    done.receive(8, done.ok(1));
    done.call.cancel();
    expect(done.sent.length).toBe(1);
    const half = start('stream');
    half.receive(8, close);
    half.call.cancel();
    expect(half.sent.map(([flags]) => flags)).toEqual([2, 4]);
    expect(half.read).toEqual(['end']);
  });

  it.each(['rpc', 'stream', 'upload', 'subscription'] as const)('end an %s with a protocol error and send nothing more', (kind) => {
    const { call, sent, read, receive } = start(kind);
    receive(4, { ok: false, payload: { code: 'UNCAUGHT_ERROR', message: 'boom' } });
    call.finish();
    call.cancel();
    expect(read).toEqual([{ code: 'UNCAUGHT_ERROR', message: 'boom' }, 'end']);
    expect(sent.length).toBe(1);
  });

  it.each([null, 'x', { ok: true, payload: 1 }, { ok: false, payload: { code: 'ELSE', message: 'm' } }])(
    'replace an invalid cancel payload: %j',
    (payload) => {
      const { read, receive } = start('stream');
      receive(4, payload);
      expect(read).toEqual([{ code: 'CANCEL', message: 'stream cancelled with invalid payload' }, 'end']);
    },
  );

  it('close the writer on a cancel after the response side was closed, telling nothing', () => {
    const { call, sent, read, receive } = start('stream');
    receive(8, close);
    receive(4, { ok: false, payload: { code: 'CANCEL', message: 'm' } });
    call.finish();
    expect([read, sent.length, call.isOver]).toEqual([['end'], 1, true]);
  });

  it('tell a disconnect once and never after the end', () => {
    const pending = start('upload');
    pending.call.disconnected('gone');
    pending.call.disconnected('gone');
    pending.call.finish();
    expect(pending.read).toEqual([{ code: 'UNEXPECTED_DISCONNECT', message: 'gone' }, 'end']);
    expect(pending.sent.length).toBe(1);
    const done = start('rpc');
    done.receive(8, done.ok(1));
    done.call.disconnected('gone');
    expect(done.read).toEqual([1, 'end']);
  });
});
