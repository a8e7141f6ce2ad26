import { plainOf } from '../../protocols/carriers/resp/plain.ts';
import { isError, type RespValue, textOf } from '../../protocols/carriers/resp/value.ts';
import type { BrokerCommand, ProcessGuard, RunningBroker } from '../../protocols/common/broker.ts';
import { addressOf } from './address.ts';
import { connectRedis, type RedisClient } from './client.ts';
import { type RedisProcess, startRedis } from './process.ts';
import { wordsOf } from './words.ts';

/** Keys that one SCAN looks at. */
const KEYS_A_SCAN = 500;

/** The Redis that is at a URL, and somebody else's. Rejects where it cannot be reached. */
export async function reachedAt(url: string): Promise<RunningBroker> {
  const { host, port } = addressOf(new URL(url));
  const client = await connectRedis(host, port);
  const call = callsOf(() => client);
  return {
    url,
    where: () => ({ host, port }),
    ask: async (command) => plainOf(await call(command)),
    clear: (space) => clear(call, space),
    close: client.close,
  };
}

/** A Redis of our own, at an address of this machine, with all that may happen to it. Rejects as `startRedis` does. */
export async function startedFor(guard: ProcessGuard, host?: string): Promise<RunningBroker> {
  let living: { readonly process: RedisProcess; readonly client: RedisClient } | undefined;
  const up = (): NonNullable<typeof living> => {
    if (living === undefined) throw new Error('the broker is down');
    return living;
  };
  const start = async () => {
    const started = await startRedis({ random: Math.random, guard, ...(host === undefined ? {} : { host }) });
    living = { process: started, client: await connectRedis(started.host, started.port) };
    return started.url;
  };
  // It keeps nothing, and nobody but us has it. Asked to end it would look at that only when its clock next turns, a tenth of a second later.
  const end = async (): Promise<void> => {
    if (living === undefined) return;
    const { process, client } = living;
    living = undefined;
    await client.close();
    await process.kill();
  };
  const call = callsOf(() => up().client);
  return {
    url: await start(),
    where: () => (living === undefined ? undefined : { host: living.process.host, port: living.process.port }),
    ask: async (command) => plainOf(await call(command)),
    clear: (space) => clear(call, space),
    close: end,
    outages: {
      async down() {
        up();
        await end();
      },
      async up() {
        if (living !== undefined) throw new Error('the broker is up already');
        await start();
      },
      freeze() {
        up().process.freeze();
      },
      thaw() {
        up().process.thaw();
      },
    },
  };
}

type Calls = (command: BrokerCommand) => Promise<RespValue>;

/** Calls on a connection; an error that is answered rejects with an Error of its words. */
function callsOf(client: () => RedisClient): Calls {
  return async (command) => {
    const value = await client().call(...wordsOf(command));
    if (isError(value)) throw new Error(textOf(value) ?? '');
    return value;
  };
}

/** Deletes the keys that begin with `space`. Asked for by pattern, and looked at again: a pattern may match more. */
async function clear(call: Calls, space: string): Promise<void> {
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
