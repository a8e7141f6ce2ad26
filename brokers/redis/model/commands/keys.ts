import { array, bulk, integer, simple } from '../../../../protocols/carriers/resp/value.ts';
import { matches } from '../glob.ts';
import { Refusal, syntaxError } from '../refusal.ts';
import { named, OK } from '../reply.ts';
import type { Call, Outcome } from '../state.ts';
import { integerArg, raw, upper } from '../words.ts';

/** DEL and UNLINK: how many of these keys there were. */
export function del({ args, keys, now }: Call): Outcome {
  return integer(args.slice(1).filter((key) => keys.delete(key, now)).length);
}

/** EXISTS: how many of these keys there are, each as often as it is named. */
export function exists({ args, keys, now }: Call): Outcome {
  return integer(args.slice(1).filter((key) => keys.get(key, now) !== undefined).length);
}

/** TYPE: `none` where there is no such key. */
export function type({ args, keys, now }: Call): Outcome {
  return simple(keys.get(args[1], now)?.value.type ?? 'none');
}

/** RENAME: a key with all that it holds, its end included, gets another name; who has that name is gone. */
export function rename(call: Call): Outcome {
  move(call);
  return OK;
}

/** RENAMENX: the same where nobody has that name; whether it was so. */
export function renamenx(call: Call): Outcome {
  const { args, keys, now } = call;
  const isFree = keys.get(args[2], now) === undefined;
  if (isFree || keys.get(args[1], now) === undefined) move(call);
  return integer(isFree ? 1 : 0);
}

function move({ args, keys, now }: Call): void {
  const [, from = new Uint8Array(0), to = new Uint8Array(0)] = args;
  const kept = keys.get(from, now);
  if (kept === undefined) throw new Refusal('ERR no such key');
  if (raw(from) === raw(to)) return;
  keys.delete(to, now);
  keys.set(to, kept);
  keys.delete(from, now);
}

/** EXPIRE: when a key will be over, told in seconds from now. */
export const expire = (call: Call): Outcome => expireAt(call, 'expire', (value) => call.now + value * 1000);

/** PEXPIRE: the same in ms. */
export const pexpire = (call: Call): Outcome => expireAt(call, 'pexpire', (value) => call.now + value);

/** TTL: seconds that a key has left, rounded; -1 where it stays and -2 where there is none. */
export const ttl = (call: Call): Outcome => integer(left(call, (ms) => Math.floor((ms + 500) / 1000)));

/** PTTL: the same in ms. */
export const pttl = (call: Call): Outcome => integer(left(call, (ms) => ms));

/** PERSIST: 1 where a key would have been over some time. */
export function persist({ args, keys, now }: Call): Outcome {
  const kept = keys.get(args[1], now);
  if (kept?.expiresAt === undefined) return integer(0);
  kept.expiresAt = undefined;
  keys.touch(args[1]);
  return integer(1);
}

/** KEYS: the names that a pattern fits. */
export function keysLike({ args, keys, now }: Call): Outcome {
  const pattern = raw(args[1] ?? new Uint8Array(0));
  return array(
    keys
      .names(now)
      .filter((name) => matches(pattern, name))
      .map(named),
  );
}

/** SCAN: all names that fit, at once; the cursor that it gives is always the last. */
export function scan({ args, keys, now }: Call): Outcome {
  if (!/^\d{1,20}$/.test(raw(args[1] ?? new Uint8Array(0)))) throw new Refusal('ERR invalid cursor');
  let pattern: string | undefined;
  let kind: string | undefined;
  for (let i = 2; i < args.length; i += 2) {
    const word = upper(args[i]);
    const value = args[i + 1];
    if (value === undefined) throw syntaxError();
    if (word === 'COUNT') {
      if (integerArg(value) < 1) throw syntaxError();
    } else if (word === 'MATCH') pattern = raw(value);
    else if (word === 'TYPE') kind = raw(value).toLowerCase();
    else throw syntaxError();
  }
  const names = raw(args[1] ?? new Uint8Array(0)) === '0' ? keys.names(now) : [];
  const found = names.filter((name) => pattern === undefined || matches(pattern, name));
  return array([bulk('0'), array(found.filter((name) => kind === undefined || keys.typeOf(name) === kind).map(named))]);
}

/** DBSIZE: how many keys there are. */
export const dbsize = ({ keys, now }: Call): Outcome => integer(keys.names(now).length);

/** FLUSHDB: no keys any more. */
export function flushdb({ args, keys }: Call): Outcome {
  flushMode(args);
  keys.clear();
  return OK;
}

/** FLUSHALL: none in any database. */
export function flushall({ args, state }: Call): Outcome {
  flushMode(args);
  for (const keys of state.databases) keys.clear();
  return OK;
}

function flushMode(args: readonly Uint8Array[]): void {
  if (args.length > 2 || (args.length === 2 && upper(args[1]) !== 'SYNC' && upper(args[1]) !== 'ASYNC')) throw syntaxError();
}

function left({ args, keys, now }: Call, unit: (ms: number) => number): number {
  const kept = keys.get(args[1], now);
  if (kept === undefined) return -2;
  return kept.expiresAt === undefined ? -1 : unit(Math.max(0, kept.expiresAt - now));
}

function expireAt({ args, keys, now }: Call, name: string, at: (value: number) => number): Outcome {
  const options = new Set(
    args
      .slice(3)
      .map((arg) => [upper(arg), raw(arg)] as const)
      .map(([word, text]) => known(word, text)),
  );
  if (options.has('NX') && options.size > 1) {
    throw new Refusal('ERR NX and XX, GT or LT options at the same time are not compatible');
  }
  if (options.has('GT') && options.has('LT')) throw new Refusal('ERR GT and LT options at the same time are not compatible');
  const value = integerArg(args[2]);
  const when = at(value);
  if (Math.abs(when) > 2 ** 63) throw new Refusal(`ERR invalid expire time in '${name}' command`);
  const kept = keys.get(args[1], now);
  if (kept === undefined) return integer(0);
  const { expiresAt } = kept;
  const isRefused =
    (options.has('NX') && expiresAt !== undefined) ||
    (options.has('XX') && expiresAt === undefined) ||
    (options.has('GT') && (expiresAt === undefined || when <= expiresAt)) ||
    (options.has('LT') && expiresAt !== undefined && when >= expiresAt);
  if (isRefused) return integer(0);
  if (when <= now) keys.delete(args[1] ?? new Uint8Array(0), now);
  else {
    kept.expiresAt = when;
    keys.touch(args[1]);
  }
  return integer(1);
}

function known(word: string, text: string): string {
  if (['NX', 'XX', 'GT', 'LT'].includes(word)) return word;
  throw new Refusal(`ERR Unsupported option ${text}`);
}
