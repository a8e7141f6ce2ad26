import { integer } from '../../../../protocols/carriers/resp/value.ts';
import type { Call, Outcome } from '../state.ts';
import { strictId } from '../stream-id.ts';
import { raw } from '../words.ts';

/** XACK: entries that are pending no longer, how many of them were. */
export function xack({ args, keys, now }: Call): Outcome {
  const group = keys.stream(args[1], now)?.groups.get(raw(args[2] ?? new Uint8Array(0)));
  if (group === undefined) return integer(0);
  const ids = args.slice(3).map((id) => strictId(id));
  return integer(ids.filter((id) => group.settle(id)).length);
}
