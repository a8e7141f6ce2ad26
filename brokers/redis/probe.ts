import { randomUUID } from 'node:crypto';
import { type RespValue, textOf } from '../../protocols/carriers/resp/value.ts';
import { addressOf } from './address.ts';
import { connectRedis, type RedisClient, RedisGone } from './client.ts';
import { type Heard, type Kind, kindOf } from './kind.ts';

/** How long an answer may take, in ms. */
const ANSWER_MS = 10_000;

/**
 * Tells whether a Redis is there and can be used as the ends of a run use it: by its address alone, in the database 0. Leaves no key. `url`
 * is `redis://host[:port]`.
 */
export async function probeRedis(url: string): Promise<Kind> {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (address?.protocol !== 'redis:' || address.hostname === '')
    return { ok: false, problem: 'is no address of the form redis://host:port' };
  if (!['', '/', '/0'].includes(address.pathname))
    return { ok: false, problem: `is named with the database ${address.pathname.slice(1)}; runs are in the database 0, so leave it out` };
  const { host, port } = addressOf(address);
  let client: RedisClient;
  try {
    client = await connectRedis(host, port, ANSWER_MS);
  } catch (error) {
    if (error instanceof RedisGone) return { ok: false, problem: `cannot be reached: ${error.message}` };
    throw error;
  }
  try {
    const kind = kindOf(await hear(client));
    const refused = kind.ok ? await refusalToWrite(client) : undefined;
    return refused === undefined ? kind : { ok: false, problem: `takes no writes: ${refused}` };
  } finally {
    await client.close();
  }
}

/** What it says to an entry in a stream of a name that nobody has, which goes again at once; undefined where it takes it. */
async function refusalToWrite(client: RedisClient): Promise<string | undefined> {
  const key = `weir-probe-${randomUUID()}`;
  try {
    const late = AbortSignal.timeout(ANSWER_MS);
    const added = await before(client.call('XADD', key, '*', 'probe', ''), late);
    if (added.type === 'error') return textOf(added);
    await before(client.call('DEL', key), late);
    return undefined;
  } catch (error) {
    if (error instanceof RedisGone) return error.message;
    throw error;
  }
}

async function hear(client: RedisClient): Promise<Heard> {
  let hello: RespValue | undefined;
  try {
    const late = AbortSignal.timeout(ANSWER_MS);
    const call = (...args: readonly string[]): Promise<RespValue> => before(client.call(...args), late);
    hello = await call('HELLO');
    return { hello, info: await call('INFO') };
  } catch (error) {
    if (error instanceof RedisGone) return { hello, info: undefined, gone: error.message };
    throw error;
  }
}

function before<T>(promise: Promise<T>, late: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    late.addEventListener('abort', () => reject(new RedisGone(`no answer within ${ANSWER_MS} ms`)));
    promise.then(resolve, reject);
  });
}
