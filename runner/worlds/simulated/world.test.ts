import { expect, test } from 'vitest';
import { told } from '../../../protocols/common/testing/told.ts';
import type { TraceEvent } from '../../../protocols/common/trace.ts';
import type { Setting } from '../world.ts';
import { SimulationError, simulatedWorld } from './index.ts';
import { createRig, pass } from './testing/rig.ts';

/** A run in which chance decides what is sent and when. */
async function chancyTrace(seed: number): Promise<readonly TraceEvent[]> {
  const rig = createRig(seed);
  return simulatedWorld().run(rig.setting, async ({ environment, fault, recorder }) => {
    const links = [rig.dial(), rig.dial()];
    fault({ delay: { frame: { from: 'server' }, for: 30, times: 3 } });
    for (let i = 0; i < 20; i += 1) {
      await pass(environment, environment.random() * 20);
      links[environment.random() < 0.5 ? 0 : 1]?.send(`text ${environment.random()}`);
    }
    fault('cut');
    await pass(environment, 50);
    return told(recorder.trace);
  });
}

test('the same seed gives the same trace, times included; another seed another', async () => {
  const first = await chancyTrace(7);
  expect(first.length).toBeGreaterThan(50);
  expect(await chancyTrace(7)).toEqual(first);
  expect(await chancyTrace(8)).not.toEqual(first);
});

test('runs side by side do not touch each other', async () => {
  const alone = await chancyTrace(7);
  const together = await Promise.all([chancyTrace(8), chancyTrace(7), chancyTrace(9)]);
  expect(together[1]).toEqual(alone);
});

test('a run that waits for ever is rejected, not hung', async () => {
  const rig = createRig();
  await expect(simulatedWorld().run(rig.setting, () => new Promise(() => {}))).rejects.toThrow(/^deadlock: .*virtual 0 ms/);
});

test('what a peer throws ends the run with that error and the virtual time', async () => {
  const rig = createRig();
  const bug = new RangeError('peer bug');
  rig.onServerText = () => {
    throw bug;
  };
  const run = simulatedWorld().run(rig.setting, async ({ environment }) => {
    const link = rig.dial();
    await pass(environment, 10);
    link.send('a');
    await pass(environment, 1000);
  });
  const failure: unknown = await run.catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(SimulationError);
  expect(failure).toMatchObject({ message: 'peer bug (at virtual 12 ms)', virtualMs: 12, cause: bug });
});

test('what a pattern throws in the proxy ends the run too', async () => {
  const rig = createRig();
  const setting: Setting = {
    ...rig.setting,
    protocol: {
      ...rig.setting.protocol,
      mismatch() {
        throw new Error('bad pattern');
      },
    },
  };
  const run = simulatedWorld().run(setting, async ({ environment, fault }) => {
    const link = rig.dial();
    await pass(environment, 10);
    fault({ drop: { frame: {} } });
    link.send('a');
    await pass(environment, 1000);
  });
  await expect(run).rejects.toThrow('bad pattern (at virtual 11 ms)');
});

test('a fault that cannot be carried out says so where it is asked for', async () => {
  const rig = createRig();
  const run = simulatedWorld().run(rig.setting, async ({ fault }) => fault({ inject: { toward: 'client', text: 'x' } }));
  await expect(run).rejects.toThrow('no live connection');
});

test('after the run nothing happens any more, whatever is asked for', async () => {
  const rig = createRig();
  const told = await simulatedWorld().run(rig.setting, async ({ environment }) => {
    const link = rig.dial();
    await pass(environment, 10);
    link.send('a');
    return rig.log.length;
  });
  rig.dial();
  await new Promise((resolve) => setImmediate(resolve));
  expect(rig.log).toHaveLength(told);
});

test('an implementation cannot play in the simulated world', async () => {
  const rig = createRig();
  const setting: Setting = { ...rig.setting, server: { kind: 'implementation', peer: () => Promise.reject(new Error('never')) } };
  await expect(simulatedWorld().run(setting, async () => {})).rejects.toThrow('the server is an implementation');
});
