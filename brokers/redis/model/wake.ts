import { bulk, error } from '../../../protocols/carriers/resp/value.ts';
import { deliver } from './commands/deliver.ts';
import { byKey } from './commands/xread.ts';
import type { Reply } from './reply.ts';
import type { BlockedRead, Connection, State } from './state.ts';
import { bytes } from './words.ts';

/** A read that need not wait any longer, and what it is told. */
export interface Woken {
  readonly connection: Connection;
  readonly reply: Reply;
}

/** Gives the reads that may go on for what became ready, in the order in which they began to wait. They wait no longer. */
export function wake(state: State, now: number): Woken[] {
  const woken: Woken[] = [];
  for (const [name, { database, key }] of state.ready) {
    state.ready.delete(name);
    for (const connection of [...state.waiting]) {
      const { blocked } = connection;
      const wanted = blocked?.database === database ? blocked.keys.find((each) => each.key === key) : undefined;
      if (blocked === undefined || wanted === undefined) continue;
      const reply = serve(state, connection, blocked, wanted, now);
      if (reply === undefined) continue;
      unblock(state, connection);
      woken.push({ connection, reply });
    }
  }
  return woken;
}

/** Lets a connection wait no longer. */
export function unblock(state: State, connection: Connection): void {
  connection.blocked = undefined;
  state.waiting.delete(connection);
}

/** What a read is told of a key that changed; undefined where it goes on waiting. */
function serve(
  state: State,
  connection: Connection,
  { database, count, reader }: BlockedRead,
  { key, after }: BlockedRead['keys'][number],
  now: number,
): Reply | undefined {
  const name = bytes(key);
  const value = state.databases[database]?.get(name, now)?.value;
  if (value?.type !== 'stream') {
    return reader === undefined ? undefined : error('UNBLOCKED the stream key no longer exists');
  }
  const group = reader && value.groups.get(reader.group);
  if (reader !== undefined && group === undefined) {
    return error('NOGROUP the consumer group this client was blocked on no longer exists');
  }
  const behind = group?.lastId ?? after;
  if (value.lastId <= behind) return undefined;
  const to = group && reader && { group, consumer: group.reader(reader.consumer, now), noAck: reader.noAck };
  return byKey([[bulk(name), deliver(value, behind, count, now, to)]], connection.protocol);
}
