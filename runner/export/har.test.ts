import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Role } from '../../protocols/common/frame.ts';
import { harOf } from './har.ts';
import { records, type Unnumbered } from './testing/records.ts';

type Place = { readonly exchange: number; readonly head?: true; readonly last?: true };

const part = (from: Role, kind: 'head' | 'data' | 'end', data: string | Uint8Array, place: Place) =>
  ({
    type: 'sent',
    connection: 0,
    from,
    frame: { kind, class: 'data', text: false, part: place, data: Buffer.from(data as string).toString('base64') },
  }) as const;

const request = (target: string, exchange = 0, more = '') =>
  part('client', 'head', `POST ${target} HTTP/1.1\r\nHost: a.example\r\n${more}\r\n`, { exchange, head: true });
const answer = (status: string, exchange = 0, more = '') =>
  part('server', 'head', `HTTP/1.1 ${status}\r\n${more}\r\n`, { exchange, head: true });

const archive = (...events: readonly Unnumbered[]) =>
  JSON.parse(harOf(records({ type: 'opened', connection: 0 }, ...events), { version: '1', run: 'a/case@server' })).log;

describe('an archive', () => {
  test('has a request, its answer, and when each was written', () => {
    const { version, entries } = archive(
      request('/a?x=1&x=2', 0, 'Content-Type: application/json\r\n'),
      part('client', 'data', '{"n":1}', { exchange: 0, last: true }),
      answer('100 Continue'),
      answer('200 OK', 0, 'Content-Type: application/proto\r\nX-A: 1\r\nX-A: 2\r\n'),
      part('server', 'data', Uint8Array.of(0, 255), { exchange: 0 }),
      part('server', 'end', 'Grpc-Status: 0\r\n\r\n', { exchange: 0, last: true }),
    );
    expect(version).toBe('1.2');
    expect(entries).toMatchObject([
      {
        startedDateTime: '1970-01-01T00:00:00.001Z',
        request: {
          method: 'POST',
          url: 'http://a.example/a?x=1&x=2',
          queryString: [
            { name: 'x', value: '1' },
            { name: 'x', value: '2' },
          ],
          postData: { mimeType: 'application/json', text: '{"n":1}' },
        },
        response: {
          status: 200,
          headers: [{ name: 'Content-Type' }, { name: 'X-A', value: '1' }, { name: 'X-A', value: '2' }],
          content: { size: 2, text: 'AP8=', encoding: 'base64' },
          _trailers: [{ name: 'Grpc-Status', value: '0' }],
        },
        timings: { send: 1, wait: 1, receive: 3 },
        connection: '0',
      },
    ]);
  });

  test('keeps the exchanges of a connection apart, and one that was not answered has the status 0', () => {
    const { entries } = archive(request('/a', 0), answer('200 OK', 0), request('/b', 1));
    expect(entries.map((each: { response: { status: number } }) => each.response.status)).toEqual([200, 0]);
  });

  test('tells a body without the gzip around it, and one that is no gzip as it is', () => {
    const head = 'Content-Encoding: gzip\r\nContent-Type: text/plain\r\n';
    const packed = gzipSync('packed '.repeat(100));
    const { entries } = archive(
      request('/a', 0),
      answer('200 OK', 0, head),
      part('server', 'data', packed, { exchange: 0, last: true }),
      request('/b', 1),
      answer('200 OK', 1, head),
      part('server', 'data', 'no gzip', { exchange: 1, last: true }),
    );
    expect(entries[0].response).toMatchObject({ bodySize: packed.length, content: { size: 700, text: 'packed '.repeat(100) } });
    expect(entries[1].response.content).toMatchObject({ size: 7, text: 'no gzip' });
  });

  test('says which faults there were, and survives heads that are none', () => {
    const { comment, entries } = archive(
      { type: 'fault', what: 'cut after the head' },
      part('client', 'head', 'no head at all', { exchange: 0, head: true }),
    );
    expect(comment).toContain('cut after the head');
    expect(entries).toMatchObject([{ request: { method: '', headers: [] }, response: { status: 0 } }]);
  });
});
