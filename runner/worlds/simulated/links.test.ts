import { expect, test } from 'vitest';
import { NO_CODE } from '../../../protocols/common/environment.ts';
import type { Stage } from '../world.ts';
import { simulatedWorld } from './index.ts';
import { createRig, pass, type Rig } from './testing/rig.ts';

/** Runs `act` on a fresh rig, lets things settle, and gives what the links were told. */
async function logOf(act: (rig: Rig, stage: Stage) => Promise<void> | void, rig = createRig()): Promise<readonly string[]> {
  await simulatedWorld().run(rig.setting, async (stage) => {
    await act(rig, stage);
    await pass(stage.environment, 1000);
  });
  return rig.log;
}

test('a dial opens the server’s end, then the client’s, and messages take a hop to the proxy and one from it', async () => {
  const log = await logOf(async ({ dial }, { environment }) => {
    const link = dial();
    link.send('too early');
    await pass(environment, 10);
    link.send('a');
    link.send('b');
  });
  expect(log).toEqual(['2 server 0 opened', '4 client 0 opened', '12 server 0 a', '12 server 0 b', '14 client 0 re a', '14 client 0 re b']);
});

test('a ping is answered by a pong with its bytes, until a close was sent', async () => {
  const log = await logOf(async ({ dial }, { environment }) => {
    const link = dial();
    await pass(environment, 10);
    link.ping('there?');
    link.close(1000);
    link.ping('too late');
  });
  expect(log.slice(2)).toEqual([
    '12 server 0 ping there?',
    '14 client 0 pong there?',
    '14 client 0 closed 1000',
    '14 server 0 closed 1000',
  ]);
});

test('close goes to the other end, is answered, and both are told the code', async () => {
  const log = await logOf(async ({ dial }, { environment }) => {
    const link = dial();
    await pass(environment, 10);
    link.close(4001);
    link.send('too late');
    link.close(4009);
  });
  expect(log.slice(2)).toEqual(['14 client 0 closed 4001', '14 server 0 closed 4001']);
});

test('a close without a code is 1005 to both ends', async () => {
  const log = await logOf(async ({ dial }, { environment }) => {
    const link = dial();
    await pass(environment, 10);
    link.close(NO_CODE);
  });
  expect(log.slice(2)).toEqual(['14 client 0 closed 1005', '14 server 0 closed 1005']);
});

test('the server may close in order too; what was sent before arrives before', async () => {
  const log = await logOf(async ({ dial }, { environment }) => {
    const link = dial();
    await pass(environment, 10);
    link.send('a');
    link.send('close');
    link.send('b');
  });
  expect(log.slice(2)).toEqual([
    '12 server 0 a',
    '12 server 0 close',
    '12 server 0 b',
    '14 client 0 re a',
    '18 client 0 closed 4002',
    '18 server 0 closed 4002',
  ]);
});

test('both ends may close at once', async () => {
  const log = await logOf(async ({ dial }, { environment }) => {
    const link = dial();
    await pass(environment, 10);
    link.send('close');
    await pass(environment, 2);
    link.close(4001);
  });
  expect(log.slice(3)).toEqual(['16 client 0 closed 4002', '16 server 0 closed 4001']);
});

test('abort tells its owner at once and the other end that the connection was lost', async () => {
  const log = await logOf(async ({ dial }, { environment }) => {
    const link = dial();
    await pass(environment, 10);
    link.send('a');
    link.abort();
    link.abort();
    link.send('b');
  });
  expect(log.slice(2)).toEqual(['10 client 0 closed 1006', '12 server 0 a', '12 server 0 closed 1006']);
});

test('an abort or close before the link is open means that it never opens', async () => {
  expect(await logOf(({ dial }) => dial().abort())).toEqual(['0 client 0 closed 1006', '2 server 0 opened', '2 server 0 closed 1006']);
  expect((await logOf(({ dial }) => dial().close(1000)))[0]).toBe('0 client 0 closed 1006');
});

test('owners are never told anything while they speak', async () => {
  await logOf(async ({ dial, log }, { environment }) => {
    const link = dial();
    expect(log).toEqual([]);
    await pass(environment, 10);
    const before = log.length;
    link.send('a');
    link.abort();
    expect(log).toHaveLength(before);
  });
});

test('the trace shows the wire as the proxy saw it', async () => {
  const rig = createRig();
  const trace = await simulatedWorld().run(rig.setting, async ({ environment, recorder }) => {
    const link = rig.dial();
    await pass(environment, 10);
    link.send('a');
    await pass(environment, 10);
    link.close(1000);
    await pass(environment, 10);
    return recorder.trace;
  });
  const lines = [...trace].map((event) => {
    if (event.type === 'sent') return `${event.t} sent by ${event.from}: ${JSON.stringify(event.decoded ?? event.frame)}`;
    if (event.type === 'delivered') return `${event.t} delivered to ${event.to} of ${event.of}`;
    if (event.type === 'closed') return `${event.t} closed by ${event.by} ${event.how} ${event.code}`;
    return `${event.t} ${event.type}`;
  });
  const message = (text: string) => JSON.stringify({ ok: true, message: { text } });
  const frame = JSON.stringify({ kind: 'close', class: 'closing', code: 1000, reason: '' });
  expect(lines).toEqual([
    '1 opened',
    `11 sent by client: ${message('a')}`,
    '11 delivered to server of 1',
    `13 sent by server: ${message('re a')}`,
    '13 delivered to client of 3',
    `21 sent by client: ${frame}`,
    '21 delivered to server of 5',
    `23 sent by server: ${frame}`,
    '23 delivered to client of 7',
    '23 closed by client close 1000',
  ]);
});
