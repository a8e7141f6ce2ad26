import { decodeValue } from '../../protocols/carriers/resp/decode.ts';
import { commandFrame } from '../../protocols/carriers/resp/frames.ts';
import { plainOf } from '../../protocols/carriers/resp/plain.ts';
import { textOf } from '../../protocols/carriers/resp/value.ts';
import { type Asking, BrokerError, type BrokerKind } from '../../protocols/common/broker.ts';
import type { Accept, Link, LinkEvents } from '../../protocols/common/environment.ts';
import { probeRedis } from './probe.ts';
import { RedisMissing, TO_HAVE_REDIS } from './process.ts';
import { reachedAt, startedFor } from './running.ts';
import { simulateRedis } from './simulated.ts';
import { reachesAll, wordsOf } from './words.ts';

/** When time begins for the model, unix ms: ids of entries are made of it. */
const EPOCH = 1_700_000_000_000;

/** Redis between the ends: `redis-server` in the real world, a model of it in the simulated one. */
export const redis: BrokerKind = {
  name: 'redis',
  model(environment) {
    const { accept, outages } = simulateRedis(environment, EPOCH);
    return {
      get accept() {
        return accept();
      },
      ask: asking(accept),
      outages,
    };
  },
  async start({ url, guard, host }) {
    if (url !== undefined) {
      const kind = await probeRedis(url);
      if (!kind.ok) throw new BrokerError('unfit', `the Redis at ${url} ${kind.problem}`);
      return reachedAt(url);
    }
    try {
      return await startedFor(guard, host);
    } catch (error) {
      if (error instanceof RedisMissing) throw new BrokerError('missing', error.message, TO_HAVE_REDIS);
      throw error;
    }
  },
  reachesAll,
};

/** Asks by a connection in memory, of which nobody else knows; by another one where the broker has been down since. */
function asking(accept: () => Accept | undefined): Asking['ask'] {
  let by: Accept | undefined;
  let events: LinkEvents | undefined;
  const waiting: { readonly resolve: (value: unknown) => void; readonly reject: (error: Error) => void }[] = [];
  const lose = (): void => {
    for (const { reject } of waiting.splice(0)) reject(new Error('the broker has hung up'));
  };
  const link: Link = {
    send({ data }) {
      const next = waiting.shift();
      const read = decodeValue(data);
      if (!read.ok) next?.reject(new Error(read.error));
      else if (read.value.type === 'error') next?.reject(new Error(textOf(read.value) ?? ''));
      else next?.resolve(plainOf(read.value));
    },
    close: lose,
    abort: lose,
  };
  return (command) =>
    new Promise((resolve, reject) => {
      const now = accept();
      if (now === undefined) {
        reject(new Error('the broker is down'));
        return;
      }
      if (by !== now) events = now(link);
      by = now;
      waiting.push({ resolve, reject });
      events?.message(commandFrame(wordsOf(command)));
    });
}
