import { afterAll, expect, test } from 'vitest';
import type { ConnectParams } from '../../protocols/common/control.ts';
import type { MakeReferenceClient } from '../../protocols/common/protocol.ts';
import { makeToyClient } from '../testing/toy/peers.ts';
import { playToy } from '../testing/toy/stage.ts';
import { realWorld } from '../worlds/real/index.ts';
import { simulatedWorld } from '../worlds/simulated/index.ts';

const real = realWorld({ timeScale: 0.05 });
afterAll(() => real.close());

test.each([
  ['scaled', real, { timers: { patienceMs: 50 }, options: { odd: true, timeScale: 0.05 } }],
  ['nominal', simulatedWorld(), { timers: { patienceMs: 1000 }, options: { odd: true, timeScale: 1 } }],
])('a client is given its timers as its world has them, and by what they were multiplied: %s', async (_how, world, expected) => {
  const given: ConnectParams[] = [];
  const makeClient: MakeReferenceClient = (...surroundings) => {
    const client = makeToyClient(...surroundings);
    return {
      ...client,
      connect(params) {
        given.push(params);
        return client.connect(params);
      },
    };
  };
  await playToy(
    '  - connect: { options: { odd: true } }\n  - status: { is: connected }\n  - invoke: { as: sum, procedure: add, value: { a: 1, b: 1 } }\n  - receive: { from: sum, ok: 2 }\n',
    { world, makeClient },
  );
  expect(given.at(-1)).toMatchObject(expected);
});
