import { expect, test } from 'vitest';
import type { Trace } from '../../../protocols/common/trace.ts';
import type { Fault } from '../../faults/fault.ts';
import { simulatedWorld } from './index.ts';
import { createRig, pass, textOf } from './testing/rig.ts';

interface Outcome {
  /** What the links were told from the first fault on. */
  readonly log: readonly string[];
  readonly trace: Trace;
}

/** Opens a connection at 0, then acts at 10: faults are armed, texts sent, `dial` opens a connection, `close` and `abort` end the first, numbers let time pass. */
async function play(...acts: (Fault | { say: string } | { dial: true } | { hangUp: 'close' | 'abort' } | number)[]): Promise<Outcome> {
  const rig = createRig();
  let opened = 0;
  const trace = await simulatedWorld().run(rig.setting, async ({ environment, fault, recorder }) => {
    const link = rig.dial();
    await pass(environment, 10);
    opened = rig.log.length;
    for (const act of acts) {
      if (typeof act === 'number') await pass(environment, act);
      else if (typeof act === 'string') fault(act);
      else if ('say' in act) link.send(act.say);
      else if ('dial' in act) rig.dial();
      else if ('hangUp' in act) act.hangUp === 'close' ? link.close(4001) : link.abort();
      else fault(act);
    }
    await pass(environment, 1000);
    return recorder.trace;
  });
  return { log: rig.log.slice(opened), trace };
}

const say = (...texts: string[]) => texts.map((text) => ({ say: text }));
const fromClient = (text: string) => ({ from: 'client', text });

test('cut: both ends lose the connection, new ones are refused until restore', async () => {
  const { log, trace } = await play('cut', { dial: true }, 5, 'restore', { dial: true });
  expect(log).toEqual([
    '11 client 0 closed 1006',
    '11 server 0 closed 1006',
    '12 client 1 closed 1006',
    '17 server 1 opened',
    '19 client 2 opened',
  ]);
  expect([...trace].filter(({ type }) => type === 'closed')).toMatchObject([
    { connection: 0, by: 'proxy', how: 'rst' },
    { connection: 1, by: 'proxy', how: 'rst' },
  ]);
});

test('cut at a frame: before and inside it does not arrive, after it does', async () => {
  for (const at of ['before', 'inside', 'after'] as const) {
    const { log } = await play({ cut: { frame: fromClient('b'), at } }, ...say('a', 'b', 'c'));
    expect(log.filter((line) => line.includes('server 0'))).toEqual([
      '12 server 0 a',
      ...(at === 'after' ? ['12 server 0 b'] : []),
      '12 server 0 closed 1006',
    ]);
  }
});

test('what an end sent into a connection that was just cut is not in the trace', async () => {
  const { trace } = await play({ cut: { frame: fromClient('a') } }, ...say('a', 'b'));
  expect([...trace].flatMap((event) => (event.type === 'sent' ? [textOf(event.frame)] : []))).toEqual(['a']);
});

test('close: both ends are told the code', async () => {
  const { log } = await play({ close: { code: 1001 } });
  expect(log).toEqual(['11 client 0 closed 1001', '11 server 0 closed 1001']);
});

test('stall: nothing arrives, not even an orderly close, until resume', async () => {
  const { log, trace } = await play('stall', ...say('a'), 5, { hangUp: 'close' }, 100, 'resume');
  expect(log).toEqual(['116 server 0 a', '118 client 0 re a', '118 client 0 closed 4001', '118 server 0 closed 4001']);
  expect([...trace].find(({ type }) => type === 'closed')).toMatchObject({ t: 16, by: 'client', how: 'close', code: 4001 });
  expect((await play('stall', { hangUp: 'close' })).log).toEqual([]);
  expect((await play('stall', { hangUp: 'abort' })).log).toEqual(['10 client 0 closed 1006']);
});

test('refuse: reset and http fail the dial, silence lets it wait', async () => {
  expect((await play('refuse', { dial: true })).log).toEqual(['12 client 1 closed 1006']);
  expect((await play({ refuse: { how: 'http', times: 1 } }, { dial: true }, 5, { dial: true })).log).toEqual([
    '12 client 1 closed 1006',
    '17 server 1 opened',
    '19 client 2 opened',
  ]);
  expect((await play({ refuse: { how: 'silent' } }, { dial: true })).log).toEqual([]);
});

test.each<[Fault, string[]]>([
  [{ drop: { frame: fromClient('b') } }, ['a', 'c']],
  [{ duplicate: { frame: fromClient('b') } }, ['a', 'b', 'b', 'c']],
  [{ reorder: { frame: fromClient('a') } }, ['b', 'a', 'c']],
  [{ truncate: { frame: fromClient('b'), to: 0 } }, ['a', '', 'c']],
  [{ corrupt: { frame: fromClient('b') } }, ['a', '\ufffd', 'c']],
  [{ split: { frame: fromClient('b') } }, ['a', 'b', 'c']],
  [{ replace: { frame: fromClient('b'), set: { text: 'x' } } }, ['a', 'x', 'c']],
  [{ inject: { toward: 'server', text: 'i' } }, ['i', 'a', 'b', 'c']],
  [{ drop: { frame: fromClient('z') } }, ['a', 'b', 'c']],
])('%j', async (fault, arrived) => {
  const { log } = await play(fault, ...say('a', 'b', 'c'));
  expect(log.filter((line) => line.includes('server 0 ')).map((line) => line.replace(/^\d+ server 0 /, ''))).toEqual(arrived);
});

test('hold and release', async () => {
  const { log } = await play({ hold: { frame: fromClient('a') } }, ...say('a', 'b'), 5, 'release');
  expect(log.filter((line) => line.includes('server 0'))).toEqual(['12 server 0 b', '16 server 0 a']);
});

test('delay: in nominal ms, those behind wait too', async () => {
  const { log } = await play({ delay: { frame: fromClient('a'), for: 100 } }, ...say('a', 'b'));
  expect(log.filter((line) => line.includes('server 0'))).toEqual(['112 server 0 a', '112 server 0 b']);
});

test('faults are in the trace as they were armed and as they struck', async () => {
  const { trace } = await play({ drop: { frame: fromClient('b') } }, ...say('a', 'b'));
  expect([...trace].flatMap((event) => (event.type === 'fault' ? [event.what] : []))).toEqual([
    'armed: drop: { frame: { from: client, text: b } }',
    'drop: client frame 2 of connection 0',
  ]);
});
