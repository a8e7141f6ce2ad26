import { describe, expect, test } from 'vitest';
import { withLength } from '../../../protocols/carriers/tcp/deframer.ts';
import { NO_CODE } from '../../../protocols/common/environment.ts';
import type { TraceEvent } from '../../../protocols/common/trace.ts';
import type { Stage } from '../world.ts';
import { simulatedWorld } from './index.ts';
import { createRig, pass, type Rig, textOf } from './testing/rig.ts';

/** What happened on the wire, a line an event: `client a`, `> server a`, `closed by client fin`. */
function wireOf(trace: Iterable<TraceEvent>): string[] {
  return [...trace].flatMap((event) => {
    if (event.type === 'sent') return [`${event.from} ${textOf(event.frame)}`];
    if (event.type === 'delivered') return [`> ${event.to} ${textOf(event.frame)}`];
    return event.type === 'closed' ? [`closed by ${event.by} ${event.how}`] : [];
  });
}

/** Runs `act` on a rig of streams, lets things settle, and gives what the links were told and what was on the wire. */
async function logOf(
  act: (link: ReturnType<Rig['dial']>, stage: Stage, rig: Rig) => Promise<void> | void,
  { halfOpen = false, toxics = false } = {},
): Promise<{ told: readonly string[]; wire: readonly string[] }> {
  const rig = createRig(1, 'prefixed', halfOpen);
  let wire: readonly string[] = [];
  await simulatedWorld().run({ ...rig.setting, toxics }, async (stage) => {
    const link = rig.dial();
    await pass(stage.environment, 10);
    await act(link, stage, rig);
    await pass(stage.environment, 1000);
    wire = wireOf(stage.recorder.trace);
  });
  return { told: rig.log, wire };
}

test('a dial opens both ends as soon as the connection is there, and messages take a hop to the proxy and one from it', async () => {
  const { told } = await logOf((link) => link.send('a'));
  expect(told).toEqual(['2 client 0 opened', '2 server 0 opened', '12 server 0 a', '14 client 0 re a']);
});

test('a FIN passes one way: who has said all still gets its answer, and the connection is over with the second', async () => {
  const { told, wire } = await logOf((link) => {
    link.send('a');
    link.close(NO_CODE);
  });
  expect(told.slice(2)).toEqual(['12 server 0 a', '12 server 0 closed 1005', '14 client 0 re a', '14 client 0 closed 1005']);
  expect(wire).toEqual([
    'client a',
    '> server a',
    'client fin',
    '> server fin',
    'server re a',
    '> client re a',
    'server fin',
    '> client fin',
    'closed by client fin',
  ]);
});

test('an end that listens for a FIN may go on as long as it likes', async () => {
  const { told, wire } = await logOf(
    (link) => {
      link.send('a');
      link.close(NO_CODE);
      link.send('too late');
    },
    { halfOpen: true },
  );
  expect(told.slice(2)).toEqual(['12 server 0 a', '12 server 0 ended', '14 client 0 re a']);
  expect(wire).not.toContain('closed by client fin');
});

test('an abort ends both ends at once', async () => {
  const { told, wire } = await logOf((link) => link.abort());
  expect(told.slice(2)).toEqual(['10 client 0 closed 1006', '12 server 0 closed 1006']);
  expect(wire).toEqual(['closed by client rst']);
});

describe('bytes outside of frames', () => {
  const bytes = withLength(new TextEncoder().encode('whole'));

  test('are a frame once they are whole, however they come', async () => {
    const { told } = await logOf((link) => {
      for (const byte of bytes) link.raw(Uint8Array.of(byte));
      link.send('behind');
    });
    expect(told.slice(2)).toEqual(['12 server 0 whole', '12 server 0 behind', '14 client 0 re whole', '14 client 0 re behind']);
  });

  test('that lie about a length swallow the frames behind them', async () => {
    const { told, wire } = await logOf((link) => {
      link.raw(Uint8Array.of(0xff, 0xff, 0xff));
      link.send('swallowed');
      link.close(NO_CODE);
    });
    expect(told.slice(2)).toEqual(['12 server 0 closed 1005', '14 client 0 closed 1005']);
    expect(wire[0]).toBe('client fin');
  });
});

describe('faults', () => {
  test('strike frames and FINs alike', async () => {
    const { told, wire } = await logOf((link, stage) => {
      stage.fault({ duplicate: { frame: { from: 'client', text: 'a' } } });
      stage.fault({ drop: { frame: { from: 'client', text: 'fin' } } });
      link.send('a');
      link.close(NO_CODE);
    });
    expect(told.slice(2)).toEqual(['12 server 0 a', '12 server 0 a', '14 client 0 re a', '14 client 0 re a']);
    expect(wire.filter((line) => line.includes('fin'))).toEqual(['client fin']);
  });

  test.each([
    ['reset', ['2 client 0 opened', '2 client 0 closed 1006']],
    ['silent', ['2 client 0 opened']],
  ] as const)('a refusal (%s) comes once the connection is there', async (how, told) => {
    const rig = createRig(1, 'prefixed');
    await simulatedWorld().run(rig.setting, async (stage) => {
      stage.fault({ refuse: { how } });
      rig.dial().send('nobody hears it');
      await pass(stage.environment, 1000);
    });
    expect(rig.log).toEqual(told);
  });

  test.each(['fin', 'rst'] as const)('a cut with %s is told to both ends', async (how) => {
    const { told } = await logOf((link, stage) => {
      stage.fault({ cut: { how, frame: { from: 'client', text: 'a' }, at: 'inside' } });
      link.send('a');
    });
    const code = how === 'fin' ? 1005 : 1006;
    expect([...told.slice(2)].sort()).toEqual([`12 client 0 closed ${code}`, `12 server 0 closed ${code}`]);
  });
});

test('toxics lie before the server, and count the bytes of frames', async () => {
  const { told } = await logOf(
    async (link, stage) => {
      await stage.toxic({
        kind: 'add',
        toxic: { name: 'limit', type: 'limit_data', stream: 'upstream', toxicity: 1, attributes: { bytes: 4 } },
      });
      link.send('a');
      link.send('b');
    },
    { toxics: true },
  );
  expect(told.filter((line) => line.includes('server 0 a') || line.includes('server 0 b'))).toEqual(['12 server 0 a']);
  expect(told.filter((line) => line.includes('closed'))).toHaveLength(2);
});
