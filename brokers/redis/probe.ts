import type { RespValue } from '../../protocols/carriers/resp/value.ts';
import { textOf } from '../../protocols/carriers/resp/value.ts';
import { addressOf } from './address.ts';
import { connectRedis, type RedisClient, RedisGone } from './client.ts';
import { type Heard, type Kind, kindOf } from './kind.ts';

/** How long an answer may take, in ms. */
const ANSWER_MS = 10_000;

/** Tells whether a Redis is there and can be used, without touching a key. `url` is `redis://[user:password@]host[:port]`. */
export async function probeRedis(url: string): Promise<Kind> {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (address?.protocol !== 'redis:' || address.hostname === '')
    return { ok: false, problem: 'is no address of the form redis://host:port' };
  const { host, port } = addressOf(address);
  let client: RedisClient;
  try {
    client = await connectRedis(host, port, ANSWER_MS);
  } catch (error) {
    if (error instanceof RedisGone) return { ok: false, problem: `cannot be reached: ${error.message}` };
    throw error;
  }
  try {
    return kindOf(await hear(client, credentials(address)));
  } finally {
    await client.close();
  }
}

function credentials({ username, password }: URL): string[] {
  const given = [username, password].map(decodeURIComponent).filter(Boolean);
  return given.length === 0 ? [] : ['AUTH', ...given];
}

async function hear(client: RedisClient, auth: readonly string[]): Promise<Heard> {
  let hello: RespValue | undefined;
  try {
    const late = AbortSignal.timeout(ANSWER_MS);
    const call = (...args: readonly string[]): Promise<RespValue> => before(client.call(...args), late);
    if (auth.length > 0) {
      const answer = await call(...auth);
      if (answer.type === 'error') return { hello: answer, info: undefined, gone: textOf(answer) ?? '' };
    }
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
