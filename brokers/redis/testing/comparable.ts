import { type RespValue, textOf } from '../../../protocols/carriers/resp/value.ts';

/**
 * A reply in a form that is the same whenever it is given: times, ids of connections and the like left out. `executed`: the commands of
 * the transaction that it is the reply to.
 */
export function comparable(args: readonly string[], reply: RespValue, executed?: readonly (readonly string[])[]): unknown {
  if (executed !== undefined && reply.type === 'array') return reply.items.map((item, i) => comparable(executed[i] ?? [], item));
  const told = plainly(reply);
  if (reply.type === 'error') return told;
  const [first = '', second = ''] = args.map((arg) => arg.toUpperCase());
  switch (first) {
    case 'TTL':
    case 'PTTL':
      return typeof told === 'number' && told > 0 ? 'some time' : told;
    case 'KEYS':
      return Array.isArray(told) ? told.toSorted() : told;
    case 'SCAN':
      return Array.isArray(told) && Array.isArray(told[1]) ? [told[0], told[1].toSorted()] : told;
    case 'XPENDING':
      return Array.isArray(told) && args.length > 3 ? told.map((each) => (Array.isArray(each) ? each.with(2, 'a while') : each)) : told;
    case 'CLIENT':
      return second === 'ID' ? typeof told : told;
    case 'HELLO':
      return withoutTimes(told, ['id']);
    case 'XINFO':
      return withoutTimes(second === 'STREAM' && args.length > 3 ? withoutDeliveries(told) : told, [
        'idle',
        'seen-time',
        'radix-tree-nodes',
      ]);
    default:
      return told;
  }
}

/** A value whose types can be told apart, and that is easy to read. */
function plainly(value: RespValue): unknown {
  switch (value.type) {
    case 'simple':
      return { simple: textOf(value) };
    case 'error':
      return { error: Buffer.from(value.data).toString('latin1') };
    case 'bulk':
      return Buffer.from(value.data).toString('latin1');
    case 'integer':
      return value.value;
    case 'null':
      return { null: value.form };
    case 'array':
      return value.items.map(plainly);
    case 'map':
      return { map: value.entries.map(([key, each]) => [plainly(key), plainly(each)]) };
    default:
      return value;
  }
}

/** Whatever follows these names is left out, in maps and in lists of keys and values. */
function withoutTimes(told: unknown, names: readonly string[]): unknown {
  if (Array.isArray(told)) {
    return told.map((each, i) => (names.includes(String(told[i - 1])) ? 'something' : withoutTimes(each, names)));
  }
  if (typeof told !== 'object' || told === null || !('map' in told)) return told;
  return { map: withoutTimes(told.map, names) };
}

/** Pending entries of XINFO STREAM FULL: the time of delivery stands before the count of deliveries. */
function withoutDeliveries(told: unknown): unknown {
  if (Array.isArray(told)) {
    const isDelivery =
      told.length >= 3 && /^\d+-\d+$/.test(String(told[0])) && typeof told.at(-1) === 'number' && typeof told.at(-2) === 'number';
    return isDelivery ? told.with(-2, 'some time') : told.map(withoutDeliveries);
  }
  if (typeof told !== 'object' || told === null || !('map' in told)) return told;
  return { map: withoutDeliveries(told.map) };
}
