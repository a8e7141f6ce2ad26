import { array, bulk, integer } from '../../../../protocols/carriers/resp/value.ts';
import { syntaxError } from '../refusal.ts';
import { NO_LIST, NONE, NOTHING, named } from '../reply.ts';
import type { Call, Outcome } from '../state.ts';
import { idReply, rangeEnd, rangeStart } from '../stream-id.ts';
import { integerArg, raw, upper } from '../words.ts';
import { groupOf } from './group-of.ts';

/** XPENDING: how much is pending and for whom, or the pending entries themselves. */
export function xpending(call: Call): Outcome {
  const { args } = call;
  if (args.length === 3) return summary(call);
  if (args.length < 6 || args.length > 9) throw syntaxError();
  return listing(call);
}

function summary(call: Call): Outcome {
  const { pending, consumers } = groupOf(call).group;
  if (pending.first === undefined || pending.last === undefined) return array([integer(0), NOTHING, NOTHING, NO_LIST]);
  const busy = consumers.filter((each) => each.pending.size > 0);
  return array([
    integer(pending.size),
    idReply(pending.first),
    idReply(pending.last),
    array(busy.map((each) => array([named(each.name), bulk(String(each.pending.size))]))),
  ]);
}

function listing(call: Call): Outcome {
  const { args, now } = call;
  let [at, least] = [3, 0];
  if (upper(args[3]) === 'IDLE') {
    least = integerArg(args[4]);
    if (args.length < 8) throw syntaxError();
    at = 5;
  }
  const count = Math.max(0, integerArg(args[at + 2]));
  const [start, end] = [rangeStart(args[at]), rangeEnd(args[at + 1])];
  const name = args[at + 3];
  const { group } = groupOf(call);
  const from = name === undefined ? group : group.consumer(raw(name));
  if (from === undefined) return NONE;
  const found = from.pending
    .from(start)
    .filter(([id, { deliveredAt }]) => id <= end && (least === 0 || now - deliveredAt >= least))
    .slice(0, count);
  return array(
    found.map(([id, { consumer, deliveredAt, deliveries }]) =>
      array([idReply(id), named(consumer?.name ?? ''), integer(Math.max(0, now - deliveredAt)), integer(deliveries)]),
    ),
  );
}
