import { array, bulk } from '../../../../protocols/carriers/resp/value.ts';
import { blockTimeout } from '../block-timeout.ts';
import type { Group } from '../group.ts';
import { Refusal, syntaxError, wrongArity } from '../refusal.ts';
import { NO_LIST, type Reply } from '../reply.ts';
import type { Call, Outcome, Reader } from '../state.ts';
import { MAX_ID, type StreamId, strictId } from '../stream-id.ts';
import { integerArg, raw, upper } from '../words.ts';
import { deliver, deliverAgain } from './deliver.ts';

/** Entries that a read gets at most which had to wait and says no COUNT. */
const COUNT_AFTER_WAITING = 1000;

interface Options {
  readonly block: number | undefined;
  readonly count: number;
  readonly reader: Reader | undefined;
  readonly keys: readonly Uint8Array[];
  readonly ids: readonly Uint8Array[];
}

/** A key that is read: behind which id, or for a group what it has not read yet. */
interface Wanted {
  readonly key: Uint8Array;
  readonly after: StreamId;
  readonly isNew: boolean;
  readonly group: Group | undefined;
}

/** XREAD: the entries of streams behind an id, now or as soon as there are some. */
export const xread = (call: Call): Outcome => read(call, false);

/** XREADGROUP: entries that the group has not read yet (`>`), or what the consumer has not acknowledged. */
export const xreadgroup = (call: Call): Outcome => read(call, true);

function read(call: Call, forGroup: boolean): Outcome {
  const options = optionsOf(call, forGroup);
  const { count, reader } = options;
  const wanted = options.keys.map((key, i) => want(call, key, options.ids[i], reader));
  const found = wanted.flatMap((each): (readonly [Reply, Reply])[] => {
    const entries = entriesOf(call, each, options);
    return entries === undefined ? [] : [[bulk(each.key), entries]];
  });
  if (found.length > 0) return byKey(found, call.connection.protocol);
  if (options.block === undefined) return NO_LIST;
  return {
    type: 'blocked',
    read: {
      database: call.connection.database,
      keys: wanted.map(({ key, after }) => ({ key: raw(key), after })),
      until: options.block === 0 ? undefined : call.now + options.block,
      count: count === 0 ? COUNT_AFTER_WAITING : count,
      reader,
    },
  };
}

/** Entries by the key they are from: a map in RESP3, a list of pairs in RESP2. */
export function byKey(found: readonly (readonly [Reply, Reply])[], protocol: 2 | 3): Reply {
  return protocol === 3 ? { type: 'map', entries: found } : array(found.map((pair) => array(pair)));
}

function optionsOf({ args, now }: Call, forGroup: boolean): Options {
  let block: number | undefined;
  let count = 0;
  let noAck = false;
  let group: readonly [Uint8Array, Uint8Array] | undefined;
  for (let i = 1; i < args.length; i += 1) {
    const more = args.length - i - 1;
    const word = upper(args[i]);
    if (word === 'BLOCK' && more > 0) {
      i += 1;
      block = blockTimeout(args[i], now);
    } else if (word === 'COUNT' && more > 0) {
      i += 1;
      count = Math.max(0, integerArg(args[i]));
    } else if (word === 'STREAMS' && more > 0) {
      const rest = args.slice(i + 1);
      if (rest.length % 2 !== 0) {
        throw new Refusal("ERR Unbalanced XREAD list of streams: for each stream key an ID or '$' must be specified.");
      }
      if (forGroup && group === undefined) throw new Refusal('ERR Missing GROUP option for XREADGROUP');
      const reader = group && { group: raw(group[0]), consumer: raw(group[1]), noAck };
      return { block, count, reader, keys: rest.slice(0, rest.length / 2), ids: rest.slice(rest.length / 2) };
    } else if (word === 'GROUP' && more >= 2) {
      if (!forGroup) throw new Refusal('ERR The GROUP option is only supported by XREADGROUP. You called XREAD instead.');
      const [first, second] = args.slice(i + 1);
      if (first === undefined || second === undefined) throw wrongArity('xreadgroup');
      group = [first, second];
      i += 2;
    } else if (word === 'NOACK') {
      if (!forGroup) throw new Refusal('ERR The NOACK option is only supported by XREADGROUP. You called XREAD instead.');
      noAck = true;
    } else throw syntaxError();
  }
  throw syntaxError();
}

function want({ keys, now }: Call, key: Uint8Array, id: Uint8Array | undefined, reader: Reader | undefined): Wanted {
  const stream = keys.stream(key, now);
  const group = reader && stream?.groups.get(reader.group);
  if (reader !== undefined && group === undefined) {
    throw new Refusal(`NOGROUP No such key '${raw(key)}' or consumer group '${reader.group}' in XREADGROUP with GROUP option`);
  }
  const text = id === undefined ? '' : raw(id);
  if (text === '$') {
    if (reader !== undefined) {
      throw new Refusal(
        'ERR The $ ID is meaningless in the context of XREADGROUP: you want to read the history of this consumer by specifying a proper ID, or use the > ID to get new messages. The $ ID would just return an empty result set.',
      );
    }
    return { key, after: stream?.lastId ?? 0n, isNew: false, group };
  }
  if (text === '>') {
    if (reader === undefined) {
      throw new Refusal('ERR The > ID can be specified only when calling XREADGROUP using the GROUP <group> <consumer> option.');
    }
    return { key, after: MAX_ID, isNew: true, group };
  }
  const after = strictId(id);
  return { key, after, isNew: after === MAX_ID, group };
}

/** What is there for a read; undefined where it must wait for it. */
function entriesOf({ keys, now }: Call, { key, after, isNew, group }: Wanted, { count, reader }: Options): Reply | undefined {
  const stream = keys.stream(key, now);
  if (stream === undefined) return undefined;
  if (group === undefined || reader === undefined) {
    return stream.length > 0 && stream.lastEntryId > after ? deliver(stream, after, count, now, undefined) : undefined;
  }
  if (!isNew) return deliverAgain(stream, after, count, now, group.reader(reader.consumer, now));
  if (stream.length === 0 || stream.lastEntryId <= group.lastId) return undefined;
  return deliver(stream, group.lastId, count, now, { group, consumer: group.reader(reader.consumer, now), noAck: reader.noAck });
}
