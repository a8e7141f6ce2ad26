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
  if (address.search !== '' || address.hash !== '')
    return { ok: false, problem: `is named with ${address.search}${address.hash}, which no run looks at; leave it out` };
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
    const refused = kind.ok ? await refusalIn(client) : undefined;
    return refused === undefined ? kind : { ok: false, problem: refused };
  } finally {
    await client.close();
  }
}

/** What both ends and the runner say to a stream, with a group in it: whoever may not say one of them gets nowhere. */
const NEEDED = (key: string): readonly (readonly string[])[] => [
  // First, so that nothing stays behind where they are refused.
  ['DEL', key],
  ['UNLINK', key],
  ['XADD', key, '*', 'probe', ''],
  ['XGROUP', 'CREATE', key, 'probe', '0'],
  ['XREADGROUP', 'GROUP', 'probe', 'probe', 'COUNT', '1', 'STREAMS', key, '>'],
  ['XAUTOCLAIM', key, 'probe', 'probe', '0', '0-0', 'COUNT', '1'],
  ['XACK', key, 'probe', '1-1'],
  ['XPENDING', key, 'probe'],
  ['XREAD', 'COUNT', '1', 'STREAMS', key, '0'],
  ['XRANGE', key, '-', '+', 'COUNT', '1'],
  ['XLEN', key],
  ['SCAN', '0', 'MATCH', key, 'COUNT', '1'],
];

/** Errors of a Redis that lets everybody read, and takes nothing from anybody. */
const NO_WRITES: ReadonlySet<string> = new Set(['OOM', 'NOREPLICAS', 'READONLY', 'MISCONF']);

/** What it does not take of that, as the predicate of a sentence, tried at a name that nobody has, which goes again at once; undefined where it takes all. */
async function refusalIn(client: RedisClient): Promise<string | undefined> {
  const late = AbortSignal.timeout(ANSWER_MS);
  const key = `weir-probe-${randomUUID()}`;
  try {
    for (const words of NEEDED(key)) {
      const answer = await before(client.call(...words), late);
      if (answer.type !== 'error') continue;
      await before(client.call('DEL', key), late);
      const text = textOf(answer) ?? '';
      return NO_WRITES.has(text.split(' ')[0] ?? '') ? `takes no writes: ${text}` : `refuses ${words[0]}, which a run needs: ${text}`;
    }
    await before(client.call('DEL', key), late);
    return undefined;
  } catch (error) {
    if (error instanceof RedisGone) return `goes away when it is written to: ${error.message}`;
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
    const tooLate = (): void => reject(new RedisGone(`no answer within ${ANSWER_MS} ms`));
    late.addEventListener('abort', tooLate);
    promise.then(resolve, reject).finally(() => late.removeEventListener('abort', tooLate));
  });
}
