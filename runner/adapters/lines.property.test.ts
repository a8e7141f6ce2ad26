import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseLine } from './json-rpc.ts';
import { readNotification } from './notification.ts';
import { createConnection } from './rpc-connection.ts';

const value = fc.oneof(
  fc.json({ maxDepth: 4 }),
  fc.constantFrom(
    '{"$bytes":"*"}',
    '{"$bigint":"1e3"}',
    '{"$number":1}',
    '{"$undefined":true}',
    `{"$bigint":"${'9'.repeat(5000)}"}`,
    '['.repeat(600),
  ),
);
const message = fc
  .tuple(fc.constantFrom('message', 'end', 'status', 'handler', 'log', 'initialize', ''), value)
  .map(([method, params]) => `{"jsonrpc":"2.0","method":"${method}","params":{"call":"1/a","result":{"ok":true,"value":${params}}}}`);
const line = fc.oneof(
  message,
  value,
  fc.string({ unit: 'binary' }),
  fc.constantFrom('{"jsonrpc":"2.0","id":1,"result":{}}', '', '\r', '\ufeff{}'),
);

test('whatever an adapter writes, in whatever chunks, is a message or told as garbage, and nothing throws', () => {
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 8 }),
      fc.integer({ min: 1, max: 64 }),
      fc.uint8Array({ maxLength: 20 }),
      (lines, size, bytes) => {
        const bytesOfAll = Buffer.concat([Buffer.from(lines.join('\n')), Buffer.from(bytes), Buffer.from('\n')]);
        const heard: string[] = [];
        const connection = createConnection({
          write: () => {},
          notification(method, params) {
            const read = readNotification(method, params);
            heard.push(read.ok ? read.notification.method : read.reason);
          },
          problem: (description) => heard.push(description),
          after: () => () => {},
          maxLineBytes: 10_000,
        });
        for (let at = 0; at < bytesOfAll.length; at += size) connection.push(bytesOfAll.subarray(at, at + size));
        connection.end();
        for (const text of heard) expect(text.length).toBeLessThan(1000);
      },
    ),
  );
});

/** Lines that stand for far more than their bytes, or take far longer. One more is a line. */
const ATTACKS: readonly (readonly [string, () => string, RegExp])[] = [
  ['five million levels', () => '['.repeat(5_000_000), /nested more than 513 levels/],
  ['fourteen megabytes of zeros', () => `[${'0,'.repeat(7_000_000)}0]`, /more than 262144 values/],
  ['a million empty maps', () => `[${'{},'.repeat(1_000_000)}{}]`, /more than 262144 values/],
];

test.each(ATTACKS)('%s are garbage before they are parsed', (_what, params, words) => {
  const incoming = parseLine(Buffer.from(`{"jsonrpc":"2.0","method":"log","params":${params()}}`));
  expect(incoming.type === 'garbage' ? incoming.reason : '').toMatch(words);
});

test('a big integer of three million digits is a malformed notification', () => {
  const value = { $bigint: '9'.repeat(3_000_000) };
  expect(readNotification('message', { call: '1/a', result: { ok: true, value } })).toMatchObject({
    ok: false,
    reason: expect.stringContaining('at most 4096 digits'),
  });
});
