import { expect, test } from 'vitest';
import { createConnection } from './rpc-connection.ts';

function connection() {
  const written: string[] = [];
  const problems: string[] = [];
  const timers: (() => void)[] = [];
  const rpc = createConnection({
    write: (text) => written.push(text),
    notification: () => {},
    problem: (description, fatal) => problems.push(`${fatal ? 'fatal ' : ''}${description}`),
    after(_ms, callback) {
      timers.push(callback);
      return () => {};
    },
  });
  return { rpc, written, problems, timers, push: (text: string) => rpc.push(Buffer.from(text)) };
}

test('answers find their requests, in whatever order they come', async () => {
  const { rpc, written, push } = connection();
  const first = rpc.request('a', {}, 1);
  const second = rpc.request('b', {}, 1);
  push('{"jsonrpc":"2.0","id":2,"result":"two"}\n{"jsonrpc":"2.0","id":1,"result":"one"}\n');
  expect([await first, await second]).toEqual([
    { type: 'result', result: 'one' },
    { type: 'result', result: 'two' },
  ]);
  expect(written).toEqual(['{"jsonrpc":"2.0","id":1,"method":"a","params":{}}\n', '{"jsonrpc":"2.0","id":2,"method":"b","params":{}}\n']);
});

test('a late answer is no problem, a second one is', async () => {
  const { rpc, push, problems, timers } = connection();
  const reply = rpc.request('a', {}, 1);
  timers[0]?.();
  expect(await reply).toEqual({ type: 'late' });
  push('{"jsonrpc":"2.0","id":1,"result":1}\n');
  expect(problems).toEqual([]);
  push('{"jsonrpc":"2.0","id":1,"result":1}\n');
  expect(problems).toEqual(['a second answer to request 1']);
});

test.each([0, -1, 1.5, 1, 1e9])('an answer to request %s, which was never made', (id) => {
  const { push, problems } = connection();
  push(`{"jsonrpc":"2.0","id":${id},"result":1}\n`);
  expect(problems).toEqual([`an answer to request ${id}, which was never made`]);
});

test('the end closes what is pending and what comes later, and tells of a half line', async () => {
  const { rpc, push, problems } = connection();
  const pending = rpc.request('a', {}, 1);
  push('{"jsonrpc"');
  rpc.end();
  expect(await pending).toEqual({ type: 'closed' });
  expect(await rpc.request('b', {}, 1)).toEqual({ type: 'closed' });
  expect(problems).toEqual(['fatal the output ended inside a line: {"jsonrpc"']);
});
