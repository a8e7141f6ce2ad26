import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { excerptOf, formatRequest, LINE_LIMITS, parseLine } from './json-rpc.ts';

const parse = (text: string) => parseLine(Buffer.from(text));

test('notifications, results and errors are told apart', () => {
  expect(parse('{"jsonrpc":"2.0","method":"end","params":{"call":"x"}}')).toEqual({
    type: 'notification',
    method: 'end',
    params: { call: 'x' },
  });
  expect(parse('{"jsonrpc":"2.0","id":3,"result":null}')).toEqual({ type: 'result', id: 3, result: null });
  expect(parse('{"jsonrpc":"2.0","id":3,"error":{"code":-1,"message":"no","data":1}}')).toEqual({
    type: 'error',
    id: 3,
    error: { code: -1, message: 'no' },
  });
  expect(parse('{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"parse"}}')).toMatchObject({ type: 'error', id: null });
});

test('a request is one line to whoever reads lines, and says what it said', () => {
  const params = { value: 'a\n\r\u0085\u2028\u2029\v\f\u001c\u{1f600}"\\' };
  const line = formatRequest(1, 'send', params);
  expect(line.slice(0, -1)).not.toMatch(/\p{Cc}|\p{Zl}|\p{Zp}/u);
  expect(JSON.parse(line)).toEqual({ jsonrpc: '2.0', id: 1, method: 'send', params });
});

describe('garbage is named', () => {
  test.each([
    ['hello', 'not JSON'],
    ['{"jsonrpc":"2.0","id":1,"res', 'not JSON'],
    ['[1]', 'JSON object'],
    ['{"id":1,"result":1}', '"jsonrpc"'],
    ['{"jsonrpc":"2.0"}', 'neither'],
    ['{"jsonrpc":"2.0","id":1,"result":1,"error":{"code":1,"message":""}}', 'neither'],
    ['{"jsonrpc":"2.0","id":"1","result":1}', 'id of its request'],
    ['{"jsonrpc":"2.0","id":1,"error":"no"}', 'error.code'],
    ['{"jsonrpc":"2.0","id":1,"method":"end"}', 'must not send requests'],
  ])('%s', (line, reason) => {
    expect(parse(line)).toMatchObject({ type: 'garbage', reason: expect.stringContaining(reason) });
  });

  test('bytes that are no UTF-8', () => {
    expect(parseLine(new Uint8Array([0x7b, 0xff, 0x7d]))).toMatchObject({ type: 'garbage', reason: expect.stringContaining('UTF-8') });
  });

  test('nesting beyond the limit, and not one level before it', () => {
    const nested = (levels: number): string => `{"jsonrpc":"2.0","method":"log","params":${'['.repeat(levels)}${']'.repeat(levels)}}`;
    expect(parse(nested(LINE_LIMITS.depth - 1)).type).toBe('notification');
    expect(parse(nested(LINE_LIMITS.depth)).type).toBe('garbage');
  });
});

test('no line makes the parser throw', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => parseLine(bytes).type === 'garbage'));
  fc.assert(fc.property(fc.json(), (text) => typeof parse(text).type === 'string'));
});

test('excerpts are short and cannot command a terminal', () => {
  const excerpt = excerptOf(Buffer.from(`\u001b[2J${'a'.repeat(1000)}`));
  expect(excerpt).toMatch(/^·\[2Ja+… \(1004 bytes\)$/);
  expect(excerpt.length).toBeLessThan(230);
});
