import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import type { Asking, Outages } from '../../protocols/common/broker.ts';
import { manualEnvironment } from '../../protocols/common/testing/manual-environment.ts';
import { createReaper } from '../../runner/adapters/reaper.ts';
import { redis } from './index.ts';
import { TO_HAVE_REDIS } from './process.ts';
import { reachesAll } from './words.ts';

// What can happen to a whole Redis, of the model and of a real one alike.

const isThere = spawnSync('redis-server', ['--version']).status === 0;

interface Struck {
  readonly ask: Asking['ask'];
  readonly outages: Outages;
  isUp(): boolean;
}

const worlds: readonly (readonly [string, boolean, (play: (struck: Struck) => Promise<void>) => Promise<void>])[] = [
  [
    'the model',
    true,
    async (play) => {
      const model = redis.model(manualEnvironment());
      if (model.outages === undefined) throw new Error('a model of Redis has outages');
      await play({ ask: model.ask, outages: model.outages, isUp: () => model.accept !== undefined });
    },
  ],
  [
    'a real one',
    isThere,
    async (play) => {
      const guard = createReaper(process);
      const broker = await redis.start({ guard });
      try {
        if (broker.outages === undefined) throw new Error('a Redis of our own has outages');
        await play({ ask: broker.ask, outages: broker.outages, isUp: () => broker.where() !== undefined });
      } finally {
        await broker.close();
        guard.close();
      }
    },
  ],
];

describe.each(worlds)(`%s (${TO_HAVE_REDIS})`, (_name, isPossible, withOne) => {
  test.skipIf(!isPossible)('is killed, is away, and comes back empty', () =>
    withOne(async ({ ask, outages, isUp }) => {
      await ask(['SET', 'a', '1']);
      await outages.down();
      expect(isUp()).toBe(false);
      await expect(ask(['GET', 'a'])).rejects.toThrow('the broker is down');
      await outages.up();
      expect([isUp(), await ask(['GET', 'a'])]).toEqual([true, null]);
      await expect(outages.up()).rejects.toThrow('the broker is up already');
    }),
  );

  test.skipIf(!isPossible)('answers nothing while it is frozen, and all of it afterwards', () =>
    withOne(async ({ ask, outages }) => {
      await ask(['SET', 'a', '1']);
      outages.freeze();
      const answered: unknown[] = [];
      const asked = ['a', 'b'].map((key) => ask(['GET', key]).then((answer) => answered.push(answer)));
      // Whatever is on its way has arrived a few turns of the event loop later, where anybody reads it.
      for (let turn = 0; turn < 5; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
      expect(answered).toEqual([]);
      outages.thaw();
      await Promise.all(asked);
      expect(answered).toEqual(['1', null]);
    }),
  );
});

test.skipIf(!isThere)('one that is frozen is ended all the same', async () => {
  const guard = createReaper(process);
  const broker = await redis.start({ guard });
  const pid = Number(/process_id:(\d+)/.exec(String(await broker.ask(['INFO', 'server'])))?.[1]);
  broker.outages?.freeze();
  await broker.close();
  guard.close();
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

test.each<[readonly (string | number)[], boolean]>([
  [['FLUSHALL'], true],
  [['flushdb', 'ASYNC'], true],
  [['CONFIG', 'SET', 'maxmemory', 1], true],
  [['CONFIG', 'GET', 'maxmemory'], false],
  [['CLIENT', 'KILL', 'TYPE', 'normal'], true],
  [['CLIENT', 'ID'], false],
  [['REPLICAOF', 'NO', 'ONE'], true],
  [['SHUTDOWN', 'NOSAVE'], true],
  [['DEBUG', 'SLEEP', 1], true],
  [['EVAL', 'return 1', 0], true],
  [['SWAPDB', 0, 1], true],
  [['DEL', 'a'], false],
  [['XADD', 'a', '*', 'f', 'v'], false],
  [['CLIENT'], true],
  [['__proto__'], true],
])('%j reaches beyond the keys that it names: %s', (command, expected) => {
  expect(reachesAll(command)).toBe(expected);
});
