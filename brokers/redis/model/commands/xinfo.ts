import { array, integer } from '../../../../protocols/carriers/resp/value.ts';
import type { Consumer, Group } from '../group.ts';
import { Refusal } from '../refusal.ts';
import { counted, fields, NOTHING, named, type Reply } from '../reply.ts';
import type { Call, Outcome } from '../state.ts';
import { entryReply, type Stream } from '../stream.ts';
import { idReply, MAX_ID } from '../stream-id.ts';
import { integerArg, raw, upper } from '../words.ts';

/** Entries of each list that XINFO STREAM FULL gives where it says no COUNT. */
const FULL_COUNT = 10;

/** XINFO STREAM: what there is of a stream, and with FULL of its groups too. */
export function stream({ args, keys, now }: Call): Outcome {
  const found = keys.existingStream(args[2], now);
  const count = fullCount(args);
  const common: [string, Reply][] = [
    ['length', integer(found.length)],
    ['radix-tree-keys', integer(found.nodes)],
    ['radix-tree-nodes', integer(found.nodes + 1)],
    ['last-generated-id', idReply(found.lastId)],
    ['max-deleted-entry-id', idReply(found.maxDeletedId)],
    ['entries-added', integer(found.added)],
    ['recorded-first-entry-id', idReply(found.firstId)],
  ];
  if (count !== undefined) {
    const entries = [...found.range(0n, MAX_ID)];
    return fields([
      ...common,
      ['entries', array(limited(entries, count).map(entryReply))],
      ['groups', array(sorted(found).map(([name, group]) => fullGroup(name, group, found, count)))],
    ]);
  }
  const [first] = found.range(0n, MAX_ID);
  const { last } = found;
  return fields([
    ...common,
    ['groups', integer(found.groups.size)],
    ['first-entry', first === undefined ? NOTHING : entryReply(first)],
    ['last-entry', last === undefined ? NOTHING : entryReply(last)],
  ]);
}

/** XINFO GROUPS: the groups of a stream. */
export function groups({ args, keys, now }: Call): Outcome {
  const found = keys.existingStream(args[2], now);
  return array(
    sorted(found).map(([name, group]) =>
      fields([
        ['name', named(name)],
        ['consumers', integer(group.consumers.length)],
        ['pending', integer(group.pending.size)],
        ['last-delivered-id', idReply(group.lastId)],
        ['entries-read', counted(group.read)],
        ['lag', counted(lagOf(found, group))],
      ]),
    ),
  );
}

/** XINFO CONSUMERS: the consumers of a group. */
export function consumers({ args, keys, now }: Call): Outcome {
  const group = keys.existingStream(args[2], now).groups.get(raw(args[3] ?? new Uint8Array(0)));
  if (group === undefined) {
    const [key, name] = args.slice(2).map(raw);
    throw new Refusal(`NOGROUP No such consumer group '${name}' for key name '${key}'`);
  }
  return array(
    group.consumers.map(({ name, pending, seenAt }) =>
      fields([
        ['name', named(name)],
        ['pending', integer(pending.size)],
        ['idle', integer(Math.max(0, now - seenAt))],
      ]),
    ),
  );
}

function fullGroup(name: string, group: Group, found: Stream, count: number): Reply {
  const pending = limited(group.pending.from(0n), count).map(([id, { consumer, deliveredAt, deliveries }]) =>
    array([idReply(id), named(consumer?.name ?? ''), integer(deliveredAt), integer(deliveries)]),
  );
  return fields([
    ['name', named(name)],
    ['last-delivered-id', idReply(group.lastId)],
    ['entries-read', counted(group.read)],
    ['lag', counted(lagOf(found, group))],
    ['pel-count', integer(group.pending.size)],
    ['pending', array(pending)],
    ['consumers', array(group.consumers.map((each) => fullConsumer(each, count)))],
  ]);
}

function fullConsumer({ name, seenAt, pending }: Consumer, count: number): Reply {
  const entries = limited(pending.from(0n), count).map(([id, { deliveredAt, deliveries }]) =>
    array([idReply(id), integer(deliveredAt), integer(deliveries)]),
  );
  return fields([
    ['name', named(name)],
    ['seen-time', integer(seenAt)],
    ['pel-count', integer(pending.size)],
    ['pending', array(entries)],
  ]);
}

/** Entries that the group has not read; undefined where nobody can tell. */
function lagOf(found: Stream, group: Group): number | undefined {
  if (found.added === 0) return 0;
  const read = group.read !== undefined && !found.hasTombstones(group.lastId) ? group.read : found.distance(group.lastId);
  return read === undefined ? undefined : found.added - read;
}

function fullCount(args: readonly Uint8Array[]): number | undefined {
  if (args.length === 3) return undefined;
  const isFull = upper(args[3]) === 'FULL' && (args.length === 4 || (args.length === 6 && upper(args[4]) === 'COUNT'));
  if (!isFull) {
    const name = raw(args[1] ?? new Uint8Array(0));
    throw new Refusal(`ERR unknown subcommand or wrong number of arguments for '${name}'. Try XINFO HELP.`);
  }
  const count = args.length === 6 ? integerArg(args[5]) : FULL_COUNT;
  return count < 0 ? FULL_COUNT : count;
}

const sorted = ({ groups: all }: Stream): (readonly [string, Group])[] => [...all].sort(([a], [b]) => (a < b ? -1 : 1));
const limited = <T>(list: readonly T[], count: number): readonly T[] => (count === 0 ? list : list.slice(0, count));
