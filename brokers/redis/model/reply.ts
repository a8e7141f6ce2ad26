import { array, bulk, integer, type RespValue, simple } from '../../../protocols/carriers/resp/value.ts';
import { bytes } from './words.ts';

/** Commands reply in RESP3's types, and in nulls of RESP2, which are one in RESP3. */
export type Reply = RespValue;

export const OK: Reply = simple('OK');
export const QUEUED: Reply = simple('QUEUED');
export const NOTHING: Reply = { type: 'null', form: 'bulk' };
export const NO_LIST: Reply = { type: 'null', form: 'array' };
export const NONE: Reply = array([]);

/** A name, which is kept with a character for each byte. */
export const named = (text: string): Reply => bulk(bytes(text));

/** A map with names of ours as keys. */
export function fields(entries: readonly (readonly [string, Reply])[]): Reply {
  return { type: 'map', entries: entries.map(([key, value]) => [bulk(key), value]) };
}

/** A count, or nothing where it is unknown. */
export const counted = (count: number | undefined): Reply => (count === undefined ? NOTHING : integer(count));

/** A reply in the types of the connection's protocol: in RESP2 maps are lists of keys and values. */
export function inProtocol(reply: Reply, protocol: 2 | 3): Reply {
  switch (reply.type) {
    case 'array':
    case 'set': {
      const items = reply.items.map((item) => inProtocol(item, protocol));
      return protocol === 3 ? { type: reply.type, items } : array(items);
    }
    case 'map': {
      const entries = reply.entries.map(([key, value]) => [inProtocol(key, protocol), inProtocol(value, protocol)] as const);
      return protocol === 3 ? { type: 'map', entries } : array(entries.flat());
    }
    case 'null':
      return protocol === 3 ? { type: 'null', form: 'null' } : reply;
    case 'verbatim':
      return protocol === 3 ? reply : bulk(reply.data);
    default:
      return reply;
  }
}
