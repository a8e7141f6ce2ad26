import { freshNames } from '../../common/retelling.ts';
import { HEARTBEAT_STREAM, REHANDSHAKE_STREAM } from '../message.ts';

/** Names by which a case knows what a trace has ids for. */
export interface Names {
  /** Handle of the client with that id; the first is `main`. */
  client(id: string): string;
  /** Whether that id is a client's that has a handle. */
  knowsClient(id: string): boolean;
  /** Name of a stream, if it has one. */
  stream(streamId: string): string | undefined;
  /** Gives a stream a name, its own or one that begins with `stem`. */
  name(streamId: string, stem: string): string;
}

/** Ids that stand for something themselves, so that another would not do in their place. */
const RESERVED: ReadonlySet<string> = new Set([HEARTBEAT_STREAM, REHANDSHAKE_STREAM, '']);

/** Whether a stream id is one of those that anybody makes up: letters and digits, not short. */
export function isMadeUp(streamId: string): boolean {
  return !RESERVED.has(streamId) && /^[\w-]{6,}$/.test(streamId) && !streamId.startsWith('__') && streamId !== 'constructor';
}

/** Names as they are needed; `known` are those that streams have already. */
export function newNames(known: ReadonlyMap<string, string>): Names {
  const clients = new Map<string, string>();
  const streams = new Map(known);
  const fresh = freshNames(known.values());
  return {
    client(id) {
      const handle = clients.get(id) ?? (clients.size === 0 ? 'main' : `client${clients.size + 1}`);
      clients.set(id, handle);
      return handle;
    },
    knowsClient: (id) => clients.has(id),
    stream: (streamId) => streams.get(streamId),
    name(streamId, stem) {
      const name = streams.get(streamId) ?? fresh(stem);
      streams.set(streamId, name);
      return name;
    },
  };
}
