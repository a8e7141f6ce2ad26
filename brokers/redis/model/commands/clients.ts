import { integer } from '../../../../protocols/carriers/resp/value.ts';
import { Refusal, syntaxError } from '../refusal.ts';
import { OK } from '../reply.ts';
import type { Call, Connection, Outcome } from '../state.ts';
import { int64, raw, upper } from '../words.ts';

/** Longest that a pause may be asked for, ms. */
const LONGEST_MS = 2 ** 52;

/** CLIENT PAUSE: commands, or those that write, wait until that many ms are over. A pause that is longer stays. */
export function pause({ args, state, now }: Call): Outcome {
  const word = args[3] === undefined ? 'ALL' : upper(args[3]);
  if (args.length > 4) throw new Refusal("ERR unknown subcommand or wrong number of arguments for 'PAUSE'. Try CLIENT HELP.");
  if (word !== 'ALL' && word !== 'WRITE') throw new Refusal('ERR CLIENT PAUSE mode must be WRITE or ALL');
  const ms = int64(raw(args[2] ?? new Uint8Array(0)));
  if (ms === undefined || ms > LONGEST_MS) throw new Refusal('ERR timeout is not an integer or out of range');
  if (ms < 0n) throw new Refusal('ERR timeout is negative');
  const of = word === 'ALL' ? 'all' : 'writes';
  const until = Math.max(now + Number(ms), state.pause?.until ?? 0);
  state.pause = { until, of: state.pause?.of === 'all' ? 'all' : of };
  return OK;
}

/** CLIENT UNPAUSE */
export function unpause({ state }: Call): Outcome {
  state.pause = undefined;
  return OK;
}

/** CLIENT KILL, by ID, TYPE and SKIPME: how many connections it ends. */
export function kill({ args, state, connection }: Call): Outcome {
  if (args.length === 3) throw new Refusal('ERR No such client');
  if (args.length % 2 !== 0) throw syntaxError();
  let isSpared = true;
  const wanted: ((each: Connection) => boolean)[] = [];
  for (let i = 2; i < args.length; i += 2) {
    const value = args[i + 1];
    switch (upper(args[i])) {
      case 'ID': {
        const id = int64(raw(value ?? new Uint8Array(0)));
        if (id === undefined || id <= 0n) throw new Refusal('ERR client-id should be greater than 0');
        wanted.push((each) => BigInt(each.id) === id);
        break;
      }
      case 'TYPE': {
        const type = upper(value);
        if (!['NORMAL', 'MASTER', 'REPLICA', 'SLAVE', 'PUBSUB'].includes(type))
          throw new Refusal(`ERR Unknown client type '${raw(value ?? new Uint8Array(0))}'`);
        wanted.push(() => type === 'NORMAL');
        break;
      }
      case 'SKIPME':
        if (upper(value) !== 'YES' && upper(value) !== 'NO') throw syntaxError();
        isSpared = upper(value) === 'YES';
        break;
      default:
        throw syntaxError();
    }
  }
  const ended = [...state.connections.values()].filter(
    (each) => !(isSpared && each === connection) && wanted.every((isWanted) => isWanted(each)),
  );
  return { type: 'ends', reply: integer(ended.length), ended: ended.map((each) => ({ connection: each })) };
}
