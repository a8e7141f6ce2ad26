import { array, integer } from '../../../../protocols/carriers/resp/value.ts';
import { syntaxError } from '../refusal.ts';
import { NO_LIST, NONE } from '../reply.ts';
import type { Call, Outcome } from '../state.ts';
import { entryReply } from '../stream.ts';
import { rangeEnd, rangeStart, strictId } from '../stream-id.ts';
import { integerArg, upper } from '../words.ts';

/** XRANGE: the entries between two ids. */
export const xrange = (call: Call): Outcome => range(call, call.args[2], call.args[3], false);

/** XREVRANGE: the same from behind, the greater id first. */
export const xrevrange = (call: Call): Outcome => range(call, call.args[3], call.args[2], true);

/** XLEN: how many entries there are. */
export function xlen({ args, keys, now }: Call): Outcome {
  return integer(keys.stream(args[1], now)?.length ?? 0);
}

/** XDEL: entries deleted, how many of them there were. */
export function xdel({ args, keys, now }: Call): Outcome {
  const stream = keys.stream(args[1], now);
  if (stream === undefined) return integer(0);
  const deleted = stream.delete(args.slice(2).map((id) => strictId(id)));
  if (deleted > 0) keys.touch(args[1]);
  return integer(deleted);
}

function range({ args, keys, now }: Call, from: Uint8Array | undefined, to: Uint8Array | undefined, isReversed: boolean): Outcome {
  const [start, end] = [rangeStart(from), rangeEnd(to)];
  let count: number | undefined;
  for (let i = 4; i < args.length; i += 2) {
    if (upper(args[i]) !== 'COUNT' || i + 1 >= args.length) throw syntaxError();
    count = Math.max(0, integerArg(args[i + 1]));
  }
  const stream = keys.stream(args[1], now);
  if (stream === undefined) return NONE;
  if (count === 0) return NO_LIST;
  const entries = isReversed ? stream.reversed(start, end) : [...stream.range(start, end)];
  return array(entries.slice(0, count).map(entryReply));
}
