import { bulk } from '../../../../protocols/carriers/resp/value.ts';
import { Refusal, syntaxError, wrongType } from '../refusal.ts';
import { NOTHING, OK, type Reply } from '../reply.ts';
import type { Call, Outcome } from '../state.ts';
import { integerArg, upper } from '../words.ts';

/** Options of SET that say when the key is over: ms in their unit, and whether they count from now. */
const LIFETIMES: Readonly<Record<string, readonly [unit: number, fromNow: boolean]>> = {
  EX: [1000, true],
  PX: [1, true],
  EXAT: [1000, false],
  PXAT: [1, false],
};

/** GET: the string of a key. */
export function get({ args, keys, now }: Call): Outcome {
  return stringAt(keys.get(args[1], now)?.value);
}

/** SET: a string for a key, whatever it held. */
export function set({ args, keys, now }: Call): Outcome {
  const [, key = new Uint8Array(0), data = new Uint8Array(0)] = args;
  const options = new Set<string>();
  let expiresAt: number | undefined;
  for (let i = 3; i < args.length; i += 1) {
    const word = upper(args[i]);
    const lifetime = Object.hasOwn(LIFETIMES, word) ? LIFETIMES[word] : undefined;
    if (lifetime !== undefined && i + 1 < args.length && expiresAt === undefined && !options.has('KEEPTTL')) {
      i += 1;
      const value = integerArg(args[i]);
      if (value <= 0) throw new Refusal("ERR invalid expire time in 'set' command");
      expiresAt = value * lifetime[0] + (lifetime[1] ? now : 0);
    } else if (['NX', 'XX', 'GET', 'KEEPTTL'].includes(word)) options.add(word);
    else throw syntaxError();
  }
  if ((options.has('NX') && options.has('XX')) || (options.has('KEEPTTL') && expiresAt !== undefined)) throw syntaxError();
  const before = keys.get(key, now);
  const reply = options.has('GET') ? stringAt(before?.value) : OK;
  if ((options.has('NX') && before !== undefined) || (options.has('XX') && before === undefined))
    return options.has('GET') ? reply : NOTHING;
  const value = { type: 'string' as const, data };
  if (expiresAt !== undefined && expiresAt <= now) keys.delete(key, now);
  else keys.set(key, { value, expiresAt: options.has('KEEPTTL') ? before?.expiresAt : expiresAt });
  return reply;
}

function stringAt(value: { readonly type: 'string'; readonly data: Uint8Array } | { readonly type: 'stream' } | undefined): Reply {
  if (value === undefined) return NOTHING;
  if (value.type !== 'string') throw wrongType();
  return bulk(value.data);
}
