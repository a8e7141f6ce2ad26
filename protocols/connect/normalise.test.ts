import { describe, expect, it } from 'vitest';
import { normalise } from './normalise.ts';
import { type Says, traceOf } from './testing/talk.ts';

const HEAD = 'POST /weir.v1.Test/Sum HTTP/1.1\r\nContent-Type: application/connect+json\r\nTransfer-Encoding: chunked\r\n\r\n';
const open: Says = ['client', HEAD];
const whole: Says = ['client', `${HEAD}0\r\n\r\n`];
const ends: Says = ['client'];
const answer = (status: string): Says => ['server', `HTTP/1.1 ${status}\r\nContent-Length: 0\r\n\r\n`];

const toldByServer = (...says: readonly Says[]): string[] =>
  normalise(traceOf(...says), []).lanes.flatMap(({ from, items }) => (from === 'server' ? items.map(({ kind }) => kind) : []));

describe('an answer of 400 or 408', () => {
  it.each(['400 Bad Request', '408 Request Timeout'])('to a request that was cut short is HTTP’s own: %s', (status) => {
    expect(toldByServer(open, ends, answer(status))).toEqual([]);
  });

  it.each([
    ['to a whole request', [whole, ends, answer('400 Bad Request')]],
    ['before the client ended', [open, answer('400 Bad Request'), ends]],
    ['of another status', [open, ends, answer('200 OK')]],
  ] as const)('is the server’s own %s', (_, says) => {
    expect(toldByServer(...says)).toContain('response');
  });
});
