import { expect, test } from 'vitest';
import { type ToxicCommand, toxicGrammar } from '../../toxics/toxic.ts';
import type { Stage } from '../world.ts';
import { simulatedWorld } from './index.ts';
import { createRig, pass, type Rig } from './testing/rig.ts';

/** Runs `act` on a fresh rig with toxics, lets things settle, and gives what the links were told. */
async function logOf(act: (rig: Rig, stage: Stage) => Promise<void>): Promise<readonly string[]> {
  const rig = createRig();
  await simulatedWorld().run({ ...rig.setting, toxics: true }, async (stage) => {
    await act(rig, stage);
    await pass(stage.environment, 1000);
  });
  return rig.log;
}

const command = (written: unknown): ToxicCommand => toxicGrammar.parse(written);
const add = (type: string, stream: string, attributes: object) => command({ add: { type, stream, attributes } });

test('with no toxic in place a connection is as it is in a setting without toxics', async () => {
  const log = await logOf(async ({ dial }, { environment }) => {
    const link = dial();
    await pass(environment, 10);
    link.send('a');
  });
  expect(log).toEqual(['2 server 0 opened', '4 client 0 opened', '12 server 0 a', '14 client 0 re a']);
});

test('latency delays the upgrade, the messages and the end', async () => {
  const log = await logOf(async ({ dial }, { environment, toxic }) => {
    await toxic(add('latency', 'upstream', { latency: 20 }));
    await toxic(add('latency', 'downstream', { latency: 10 }));
    const link = dial();
    await pass(environment, 100);
    link.send('a');
    await pass(environment, 100);
    link.close(4001);
  });
  expect(log).toEqual([
    '22 server 0 opened',
    '34 client 0 opened',
    '122 server 0 a',
    '134 client 0 re a',
    '234 client 0 closed 4001',
    '234 server 0 closed 4001',
  ]);
});

test('a limit in the middle of a frame loses it and ends the connection at both ends', async () => {
  const log = await logOf(async ({ dial }, { environment, toxic }) => {
    const link = dial();
    await pass(environment, 10);
    // A message of one byte has seven on the wire toward a server.
    await toxic(add('limit_data', 'upstream', { bytes: 10 }));
    link.send('a');
    link.send('b');
  });
  expect(log.slice(2)).toEqual(['12 server 0 a', '12 server 0 closed 1006', '12 client 0 closed 1006']);
});

test('a limit counts the upgrade of connections that come after it', async () => {
  const log = await logOf(async ({ dial }, { environment, toxic }) => {
    await toxic(add('limit_data', 'downstream', { bytes: 100 }));
    dial();
    await pass(environment, 10);
  });
  expect(log).toEqual(['2 server 0 opened', '4 client 0 closed 1006', '4 server 0 closed 1006']);
});

test('down ends what there is and refuses what comes, up lets in', async () => {
  const log = await logOf(async ({ dial }, { environment, toxic }) => {
    dial();
    await pass(environment, 10);
    await toxic({ kind: 'down' });
    await pass(environment, 10);
    dial();
    await pass(environment, 10);
    await toxic({ kind: 'up' });
    dial();
  });
  expect(log.map((line) => line.replace(/^\d+ /, ''))).toEqual([
    'server 0 opened',
    'client 0 opened',
    'client 0 closed 1006',
    'server 0 closed 1006',
    'client 1 closed 1006',
    'server 1 opened',
    'client 2 opened',
  ]);
});

test('each change is in the trace, in one line', async () => {
  await logOf(async (_rig, { toxic, recorder }) => {
    await toxic(add('latency', 'upstream', { latency: 20 }));
    await toxic(command({ remove: 'latency_upstream' }));
    await toxic({ kind: 'down' });
    expect([...recorder.trace].map((event) => (event.type === 'fault' ? event.what : event.type))).toEqual([
      'toxic: add latency_upstream: latency 20, jitter 0',
      'toxic: remove latency_upstream',
      'toxic: down',
    ]);
  });
});

test('what cannot be done says why', async () => {
  await logOf(async (_rig, { toxic }) => {
    await toxic(add('latency', 'upstream', {}));
    await expect(toxic(add('latency', 'upstream', {}))).rejects.toThrow('there is a toxic latency_upstream already');
    await expect(toxic(command({ remove: 'lag' }))).rejects.toThrow('no toxic lag to remove; there is latency_upstream');
  });
  const rig = createRig();
  await simulatedWorld().run(rig.setting, async ({ toxic }) => {
    await expect(toxic({ kind: 'down' })).rejects.toThrow('toxics were not asked for');
  });
});
