import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocketDeframer } from '../../protocols/carriers/websocket/deframer.ts';
import { concatenate } from '../../protocols/common/byte-queue.ts';
import { type Role, sideOf } from '../../protocols/common/frame.ts';
import { EvidenceError } from '../bundles/evidence-error.ts';
import type { TraceRecordRead } from '../bundles/records.ts';
import { pcapngOf } from './pcapng.ts';
import { type Captured, readCapture, streamOf } from './testing/read-capture.ts';
import { delivered, records, sent, type Unnumbered } from './testing/records.ts';
import { hasTshark, TO_HAVE_TSHARK, tshark } from './testing/tshark.ts';

const facts = { carrier: 'websocket', application: 'Weir test', run: 'a/case@client+json', file: 'a.jsonl' } as const;
const captureOf = (trace: readonly TraceRecordRead[]): Uint8Array => concatenate(pcapngOf(trace, facts));

const CLIENT = { client: '192.0.2.1:10000', server: '192.0.2.2:80' } as const;
const SERVER = { client: '198.51.100.2:10000', server: '198.51.100.1:80' } as const;

/** The frames that the capture has of one half and direction, in words. */
function framesOf(captured: readonly Captured[], ends: typeof CLIENT | typeof SERVER, from: Role): string[] {
  const to = from === 'client' ? 'server' : 'client';
  const deframer = new WebSocketDeframer(sideOf(from));
  return deframer.push(streamOf(captured, ends[from], ends[to])).map((item) => {
    if (item.kind !== 'frame') return item.kind;
    const { frame } = item;
    return frame.class === 'data' ? Buffer.from(frame.data).toString() : frame.class === 'closing' ? `close ${frame.code}` : frame.kind;
  });
}

/** Every fate that a frame can have. */
const FATES = records(
  { type: 'opened', connection: 0 },
  sent('client', 'passes'),
  delivered('server', 1, 'passes'),
  sent('client', 'lost'),
  { type: 'fault', connection: 0, what: 'drop: client frame 1 of connection 0' },
  sent('server', 'bent'),
  delivered('client', 5, 'BENT', true),
  delivered('client', undefined, 'slipped in'),
  delivered('client', 5, 'bent'),
  { type: 'sent', connection: 0, from: 'client', frame: { kind: 'ping', class: 'upkeep', data: { $bytes: 'AAE=' } } },
  { type: 'sent', connection: 0, from: 'server', frame: { kind: 'close', class: 'closing', code: 1001, reason: 'away' } },
  { type: 'closed', connection: 0, by: 'server', how: 'close', code: 1001 },
);

const said = (captured: readonly Captured[], payload: string): readonly string[] | undefined =>
  captured.find((each) => each.payload.includes(payload))?.comments;

describe('a capture', () => {
  test('has in each half what passed there, whole, in order and rightly numbered', () => {
    const captured = readCapture(captureOf(FATES));
    expect(captured.filter(({ sound }) => !sound)).toEqual([]);
    expect(framesOf(captured, CLIENT, 'client')).toEqual(['preamble', 'passes', 'lost', 'ping']);
    expect(framesOf(captured, CLIENT, 'server')).toEqual(['preamble', 'BENT', 'slipped in', 'bent']);
    expect(framesOf(captured, SERVER, 'client')).toEqual(['preamble', 'passes']);
    expect(framesOf(captured, SERVER, 'server')).toEqual(['preamble', 'bent', 'close 1001']);
    expect(captured.filter(({ payload }) => payload.includes('passes')).map(({ on, t }) => [on, t])).toEqual([
      ['client-proxy', 1],
      ['proxy-server', 2],
    ]);
  });

  test('says what faults did, at the frames that they struck', () => {
    const captured = readCapture(captureOf(FATES));
    expect(said(captured, 'lost')).toEqual(['not delivered', 'says lost', 'fault: drop: client frame 1 of connection 0']);
    expect(said(captured, 'BENT')).toEqual(['altered by a fault', 'says BENT']);
    expect(said(captured, 'slipped in')).toEqual(['injected by a fault', 'says slipped in']);
    expect(said(captured, 'passes')).toEqual(['says passes']);
  });

  test('begins each half with a handshake and ends it as the connection ended', () => {
    const ends = (by: Role | 'proxy', how: 'fin' | 'rst') => {
      const captured = readCapture(captureOf(records({ type: 'opened', connection: 0 }, { type: 'closed', connection: 0, by, how })));
      const half = (on: string) => captured.filter((each) => each.on === on);
      const shown = (on: string) =>
        half(on)
          .filter(({ flags }) => /[FRS]/.test(flags))
          .map(({ flags, from }) => `${flags} ${from.replace(/:.*/, '')}`);
      return [shown('client-proxy').slice(2), shown('proxy-server').slice(2)];
    };
    expect(ends('client', 'fin')).toEqual([
      ['FA 192.0.2.1', 'FA 192.0.2.2'],
      ['FA 198.51.100.2', 'FA 198.51.100.1'],
    ]);
    expect(ends('server', 'fin')).toEqual([
      ['FA 192.0.2.2', 'FA 192.0.2.1'],
      ['FA 198.51.100.1', 'FA 198.51.100.2'],
    ]);
    expect(ends('client', 'rst')).toEqual([['RA 192.0.2.1'], ['RA 198.51.100.2']]);
    expect(ends('server', 'rst')).toEqual([['RA 192.0.2.2'], ['RA 198.51.100.1']]);
    expect(ends('proxy', 'rst')).toEqual([['RA 192.0.2.2'], ['RA 198.51.100.2']]);
  });

  test('goes on in the other half of a connection that one end has given up', () => {
    const trace = records(
      { type: 'opened', connection: 0 },
      { type: 'closed', connection: 0, by: 'client', how: 'fin' },
      sent('server', 'too late'),
    );
    const captured = readCapture(captureOf(trace));
    expect(framesOf(captured, SERVER, 'server')).toEqual(['preamble', 'too late']);
    expect(captured.filter(({ flags }) => flags.includes('F')).map(({ on, t }) => `${on} ${t}`)).toEqual([
      'client-proxy 1',
      'client-proxy 2',
      'proxy-server 2',
      'proxy-server 2',
    ]);
  });

  test('keeps a refused upgrade without frames, and one that nobody answered without an answer', () => {
    const heads = (kind: string, detail: string) => {
      const problem = { kind, detail, text: 'did so' };
      const captured = readCapture(
        captureOf(records({ type: 'opened', connection: 0 }, { type: 'carrier', connection: 0, from: 'server', problem })),
      );
      expect(captured.flatMap(({ comments }) => comments)).toContain('the server did so');
      return streamOf(captured, SERVER.server, SERVER.client).toString().split('\r\n')[0];
    };
    expect(heads('upgrade-refused', '403')).toBe('HTTP/1.1 403 Refused');
    expect(heads('closed-unanswered', '')).toBe('');
    expect(heads('broken-frame', 'x')).toBe('HTTP/1.1 101 Switching Protocols');
  });

  test('puts a message that is longer than a segment into several', () => {
    const text = 'long'.repeat(50_000);
    const captured = readCapture(captureOf(records({ type: 'opened', connection: 0 }, sent('server', text))));
    expect(framesOf(captured, SERVER, 'server')).toEqual(['preamble', text]);
    expect(captured.every(({ sound }) => sound)).toBe(true);
    expect(captured.filter(({ payload }) => payload.length > 10_000)).toHaveLength(4);
  });

  test('a fault before any packet is told with the first; texts of any length fit', () => {
    const what = 'ä'.repeat(100_000);
    const captured = readCapture(captureOf(records({ type: 'fault', what }, { type: 'opened', connection: 0 })));
    expect(captured[0]?.comments[0]).toMatch(/^fault: ä{20000,}…$/);
    expect(captured[0]?.comments[1]).toBe('connection 0 of the trace');
  });

  test('a fault on a connection that never came to be is told all the same; one after its end ends nothing later', () => {
    const trace = records(
      { type: 'opened', connection: 0 },
      { type: 'closed', connection: 0, by: 'client', how: 'fin' },
      { type: 'fault', connection: 0, what: 'lifted' },
      { type: 'fault', connection: 1, what: 'refused' },
    );
    const captured = readCapture(captureOf(trace));
    expect(captured.flatMap(({ comments }) => comments).filter((text) => text.startsWith('fault'))).toHaveLength(2);
    expect(captured.at(-1)).toMatchObject({ t: 1, comments: ['fault: refused'] });
  });

  test('of a frame that was kept in part has that part, and says so', () => {
    const frame = {
      kind: 'message',
      class: 'data',
      text: true,
      data: Buffer.from('begin').toString('base64'),
      length: 9_000_000,
      sha256: 'x',
    } as const;
    const captured = readCapture(
      captureOf(records({ type: 'opened', connection: 0 }, { type: 'sent', connection: 0, from: 'server', frame })),
    );
    expect(framesOf(captured, SERVER, 'server')).toEqual(['preamble', 'begin']);
    expect(said(captured, 'begin')).toEqual(['not delivered', 'only the beginning of 9000000 bytes was kept']);
  });

  test('a frame that no carrier can carry is told with its place', () => {
    const data = { $bytes: Buffer.alloc(200).toString('base64') };
    const trace = records(
      { type: 'opened', connection: 0 },
      { type: 'sent', connection: 0, from: 'client', frame: { kind: 'ping', class: 'upkeep', data } },
    );
    expect(() => captureOf(trace)).toThrow(EvidenceError);
    expect(() => captureOf(trace)).toThrow(/^a\.jsonl: event 1 of the trace: a control frame holds at most 125 bytes/);
  });
});

describe.skipIf(!hasTshark)(`tshark (${TO_HAVE_TSHARK})`, () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'weir-pcapng-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('follows the streams, reads the messages and finds nothing wrong', () => {
    const file = join(folder, 'fates.pcapng');
    writeFileSync(file, captureOf(FATES));
    expect(tshark(file, 'websocket.payload.text', ['tcp.stream', 'frame.interface_name', 'ip.src', 'websocket.payload.text'])).toEqual([
      ['0', 'client-proxy', '192.0.2.1', 'passes'],
      ['1', 'proxy-server', '198.51.100.2', 'passes'],
      ['0', 'client-proxy', '192.0.2.1', 'lost'],
      ['1', 'proxy-server', '198.51.100.1', 'bent'],
      ['0', 'client-proxy', '192.0.2.2', 'BENT'],
      ['0', 'client-proxy', '192.0.2.2', 'slipped in'],
      ['0', 'client-proxy', '192.0.2.2', 'bent'],
    ]);
    expect(tshark(file, 'frame.comment contains "fault: drop"', ['websocket.payload.text'])).toEqual([['lost']]);
    expect(tshark(file, 'websocket.payload.close.status_code', ['websocket.payload.close.status_code'])).toEqual([['1001']]);
    expect(tshark(file, 'http', ['http.request.method', 'http.response.code'])).toHaveLength(4);
    // Where a connection ends is no complaint.
    const complaints = tshark(file, '_ws.expert && !tcp.flags.fin', ['_ws.expert.severity', '_ws.expert.message']).filter(
      ([severity = '']) => Math.max(...severity.split(',').map(Number)) > 0x0020_0000,
    );
    expect(complaints).toEqual([]);
    expect(tshark(file, 'tcp.checksum.status != "Good" || ip.checksum.status != "Good"', ['frame.number'])).toEqual([]);
  });

  test('of a stream has lengths before its frames, and a FIN in each half where it passed', () => {
    const fin = { kind: 'fin', class: 'closing', reason: '' } as const;
    const trace = records(
      { type: 'opened', connection: 0 },
      sent('client', 'question'),
      delivered('server', 1, 'question'),
      { type: 'sent', connection: 0, from: 'client', frame: fin },
      { type: 'delivered', connection: 0, to: 'server', of: 3, altered: false, frame: fin },
      sent('server', 'answer'),
      delivered('client', 5, 'answer'),
      { type: 'sent', connection: 0, from: 'server', frame: fin },
      { type: 'delivered', connection: 0, to: 'client', of: 7, altered: false, frame: fin },
      { type: 'closed', connection: 0, by: 'client', how: 'fin' },
    );
    const captured = readCapture(concatenate(pcapngOf(trace, { ...facts, carrier: 'tcp' })));
    const told = captured.filter(({ payload, flags }) => payload.length > 0 || flags.includes('F'));
    const text = (payload: Buffer): string => (payload.length === 0 ? 'FIN' : `${payload.readUIntBE(0, 3)} ${payload.subarray(3)}`);
    const passed = ['8 question', 'FIN', '6 answer', 'FIN'];
    for (const on of ['client-proxy', 'proxy-server'])
      expect(told.filter((each) => each.on === on).map(({ payload }) => text(payload))).toEqual(passed);
    expect(captured.every(({ sound }) => sound)).toBe(true);
  });

  const latin1 = (text: string): string => Buffer.from(text, 'latin1').toString('base64');
  const both = (kind: string, text: string, n: number): Unnumbered[] => {
    const frame = { kind, class: 'data', text: false, data: latin1(text) } as const;
    return [
      { type: 'sent', connection: 0, from: 'client', frame },
      { type: 'delivered', connection: 0, to: 'server', of: n, altered: false, frame },
    ];
  };
  const firstHalf = (trace: readonly TraceRecordRead[], carrier: string, port: number): string => {
    const captured = readCapture(concatenate(pcapngOf(trace, { ...facts, carrier })));
    expect(captured.every(({ sound }) => sound)).toBe(true);
    return streamOf(captured, CLIENT.client, `192.0.2.2:${port}`).toString('latin1');
  };

  test('of http has a chunk for each frame of a body in chunks, and none in others', () => {
    const head = 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n';
    const plain = 'POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\n';
    const trace = records(
      { type: 'opened', connection: 0 },
      ...both('head', head, 1),
      ...both('data', 'twelve bytes', 3),
      ...both('end', 'X-Sum: 1\r\n', 5),
      ...both('head', plain, 7),
      ...both('data', 'abc', 9),
    );
    expect(firstHalf(trace, 'http', 80)).toBe(`${head}c\r\ntwelve bytes\r\n0\r\nX-Sum: 1\r\n\r\n${plain}abc`);
  });

  test('of resp has the bytes of commands as they are', () => {
    const trace = records({ type: 'opened', connection: 0 }, ...both('command', '*1\r\n$4\r\nPING\r\n', 1));
    expect(firstHalf(trace, 'resp', 6379)).toBe('*1\r\n$4\r\nPING\r\n');
  });
});
