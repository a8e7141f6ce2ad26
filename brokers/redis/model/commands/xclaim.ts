import { array } from '../../../../protocols/carriers/resp/value.ts';
import type { Consumer, Pending } from '../group.ts';
import { Refusal, syntaxError } from '../refusal.ts';
import type { Call, Outcome } from '../state.ts';
import { entryReply } from '../stream.ts';
import { idReply, rangeStart, type StreamId, strictId } from '../stream-id.ts';
import { int64, integerArg, raw, upper } from '../words.ts';
import { groupOf } from './group-of.ts';

/** Pending entries that XAUTOCLAIM looks at, for each that it may give. */
const LOOKS_PER_ENTRY = 10;

/** XCLAIM: pending entries that go to another consumer, where they have waited long enough. */
export function xclaim(call: Call): Outcome {
  const { args, now } = call;
  const { stream, group } = groupOf(call);
  const least = Math.max(0, integerArg(args[4], 'ERR Invalid min-idle-time argument for XCLAIM'));
  const ids = leadingIds(args.slice(5));
  const options = claimOptions(args.slice(5 + ids.length), now);
  if (options.lastId > group.lastId) group.lastId = options.lastId;
  // One that gets nothing is not made.
  const consumer = (): Consumer => group.reader(raw(args[3] ?? new Uint8Array(0)), now);
  return array(
    ids.flatMap((id) => {
      const entry = stream.entry(id);
      if (entry === undefined) {
        group.settle(id);
        return [];
      }
      const forced = options.force ? { consumer: undefined, deliveredAt: now, deliveries: 1 } : undefined;
      const pending: Pending | undefined = group.pending.get(id) ?? forced;
      if (pending === undefined || (pending.consumer !== undefined && now - pending.deliveredAt < least)) return [];
      pending.deliveredAt = options.deliveredAt;
      pending.deliveries = options.retries ?? pending.deliveries + (options.justId ? 0 : 1);
      group.assign(id, pending, consumer());
      return [options.justId ? idReply(id) : entryReply(entry)];
    }),
  );
}

/** XAUTOCLAIM: the same for whatever is pending from an id on, and where to go on; what was deleted is let go of and named. */
export function xautoclaim(call: Call): Outcome {
  const { args, now } = call;
  const least = Math.max(0, integerArg(args[4], 'ERR Invalid min-idle-time argument for XAUTOCLAIM'));
  const start = rangeStart(args[5]);
  let count = 100;
  let justId = false;
  for (let i = 6; i < args.length; i += 1) {
    const word = upper(args[i]);
    if (word === 'COUNT' && i + 1 < args.length) {
      i += 1;
      count = atLeastOne(args[i]);
    } else if (word === 'JUSTID') justId = true;
    else throw syntaxError();
  }
  const { stream, group } = groupOf(call);
  // One that gets nothing is not made.
  const consumer = (): Consumer => group.reader(raw(args[3] ?? new Uint8Array(0)), now);
  const claimed: ReturnType<typeof entryReply>[] = [];
  const deleted: StreamId[] = [];
  let looks = count * LOOKS_PER_ENTRY;
  let next: StreamId = 0n;
  for (const [id, pending] of group.pending.from(start)) {
    if (looks === 0 || count === 0) {
      next = id;
      break;
    }
    looks -= 1;
    const entry = stream.entry(id);
    if (entry === undefined) {
      group.settle(id);
      deleted.push(id);
      count -= 1;
      continue;
    }
    if (now - pending.deliveredAt < least) continue;
    pending.deliveredAt = now;
    if (!justId) pending.deliveries += 1;
    group.assign(id, pending, consumer());
    claimed.push(justId ? idReply(id) : entryReply(entry));
    count -= 1;
  }
  return array([idReply(next), array(claimed), array(deleted.map(idReply))]);
}

interface ClaimOptions {
  readonly force: boolean;
  readonly justId: boolean;
  readonly retries: number | undefined;
  readonly deliveredAt: number;
  readonly lastId: StreamId;
}

function claimOptions(args: readonly Uint8Array[], now: number): ClaimOptions {
  let [force, justId, lastId] = [false, false, 0n];
  let retries: number | undefined;
  let deliveredAt: number | undefined;
  for (let i = 0; i < args.length; i += 1) {
    const word = upper(args[i]);
    const hasMore = i + 1 < args.length;
    if (word === 'FORCE') force = true;
    else if (word === 'JUSTID') justId = true;
    else if (word === 'IDLE' && hasMore) deliveredAt = now - integerArg(args[++i], 'ERR Invalid IDLE option argument for XCLAIM');
    else if (word === 'TIME' && hasMore) deliveredAt = integerArg(args[++i], 'ERR Invalid TIME option argument for XCLAIM');
    else if (word === 'RETRYCOUNT' && hasMore) retries = integerArg(args[++i], 'ERR Invalid RETRYCOUNT option argument for XCLAIM');
    else if (word === 'LASTID' && hasMore) lastId = strictId(args[++i]);
    else throw new Refusal(`ERR Unrecognized XCLAIM option '${raw(args[i] ?? new Uint8Array(0))}'`);
  }
  const isBogus = deliveredAt === undefined || deliveredAt < 0 || deliveredAt > now;
  return {
    force,
    justId,
    retries: retries !== undefined && retries >= 0 ? retries : undefined,
    deliveredAt: isBogus ? now : (deliveredAt ?? now),
    lastId,
  };
}

/** The ids that stand before the first argument that is none. */
function leadingIds(args: readonly Uint8Array[]): StreamId[] {
  const ids: StreamId[] = [];
  for (const arg of args) {
    try {
      ids.push(strictId(arg));
    } catch (error) {
      if (error instanceof Refusal) break;
      throw error;
    }
  }
  return ids;
}

function atLeastOne(arg: Uint8Array | undefined): number {
  const value = int64(arg === undefined ? '' : raw(arg));
  if (value === undefined || value < 1n || value > 2n ** 59n - 1n) throw new Refusal('ERR COUNT must be > 0');
  return Number(value);
}
