import { decodeValue } from '../../protocols/carriers/resp/decode.ts';
import { commandFrame } from '../../protocols/carriers/resp/frames.ts';
import { plainOf } from '../../protocols/carriers/resp/plain.ts';
import { type RespValue, type Text, textOf } from '../../protocols/carriers/resp/value.ts';
import { type BrokerCommand, BrokerError, type BrokerKind, type RunningBroker } from '../../protocols/common/broker.ts';
import type { Accept, Link } from '../../protocols/common/environment.ts';
import { addressOf } from './address.ts';
import { connectRedis } from './client.ts';
import { RedisModel } from './model/model.ts';
import { probeRedis } from './probe.ts';
import { RedisMissing, startRedis, TO_HAVE_REDIS } from './process.ts';
import { acceptOnModel } from './simulated.ts';

/** When time begins for the model, unix ms: ids of entries are made of it. */
const EPOCH = 1_700_000_000_000;

/** Keys that one SCAN looks at. */
const KEYS_A_SCAN = 500;

/** Redis between the ends: `redis-server` in the real world, a model of it in the simulated one. */
export const redis: BrokerKind = {
  name: 'redis',
  model(environment) {
    const accept = acceptOnModel(environment, new RedisModel(EPOCH), EPOCH);
    return { accept, ask: asking(accept) };
  },
  async start({ url, guard }) {
    if (url !== undefined) {
      const kind = await probeRedis(url);
      if (!kind.ok) throw new BrokerError('unfit', `the Redis at ${url} ${kind.problem}`);
      const { host, port } = addressOf(new URL(url));
      return runningAt(url, host, port, async () => {});
    }
    try {
      const started = await startRedis({ random: Math.random, guard });
      return await runningAt(started.url, '127.0.0.1', started.port, started.stop);
    } catch (error) {
      if (error instanceof RedisMissing) throw new BrokerError('missing', error.message, TO_HAVE_REDIS);
      throw error;
    }
  },
};

async function runningAt(url: string, host: string, port: number, stop: () => Promise<void>): Promise<RunningBroker> {
  const client = await connectRedis(host, port);
  const call = async (command: BrokerCommand): Promise<RespValue> => {
    const value = await client.call(...wordsOf(command));
    if (value.type === 'error' || value.type === 'bulk-error') throw new Error(textOf(value) ?? '');
    return value;
  };
  return {
    url,
    host,
    port,
    ask: async (command) => plainOf(await call(command)),
    clear: (space) => clear(call, space),
    async close() {
      await client.close();
      await stop();
    },
  };
}

/** Deletes the keys that begin with `space`. Asked for by pattern, and looked at again: a pattern may match more. */
async function clear(call: (command: BrokerCommand) => Promise<RespValue>, space: string): Promise<void> {
  const pattern = `${space.replaceAll(/[\\*?[\]^-]/g, '\\$&')}*`;
  const start = new TextEncoder().encode(space);
  let cursor = '0';
  do {
    const found = await call(['SCAN', cursor, 'MATCH', pattern, 'COUNT', KEYS_A_SCAN]);
    const [next, list] = found.type === 'array' ? found.items : [];
    const keys = list?.type === 'array' ? list.items.flatMap((item) => (item.type === 'bulk' ? [item.data] : [])) : [];
    const own = keys.filter((key) => start.every((byte, i) => key[i] === byte));
    if (own.length > 0) await call(['UNLINK', ...own]);
    cursor = (next === undefined ? undefined : textOf(next)) ?? '0';
  } while (cursor !== '0');
}

/** Asks by a connection in memory, of which nobody else knows. */
function asking(accept: Accept): RunningBroker['ask'] {
  const waiting: { readonly resolve: (value: unknown) => void; readonly reject: (error: Error) => void }[] = [];
  const link: Link = {
    send({ data }) {
      const next = waiting.shift();
      const read = decodeValue(data);
      if (!read.ok) next?.reject(new Error(read.error));
      else if (read.value.type === 'error') next?.reject(new Error(textOf(read.value) ?? ''));
      else next?.resolve(plainOf(read.value));
    },
    close() {},
    abort() {},
  };
  const events = accept(link);
  return (command) =>
    new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
      events.message(commandFrame(wordsOf(command)));
    });
}

/** A command as Redis takes it, which has no numbers. */
function wordsOf(command: BrokerCommand): Text[] {
  return command.map((word) => (typeof word === 'number' ? String(word) : word));
}
