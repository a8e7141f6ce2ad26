import { array } from '../../../../protocols/carriers/resp/value.ts';
import type { Consumer, Group } from '../group.ts';
import { NO_LIST, type Reply } from '../reply.ts';
import { entryReply, type Stream } from '../stream.ts';
import { idReply, MAX_ID, type StreamId } from '../stream-id.ts';

/** Who reads for a group, and whether what it reads becomes pending. */
export interface Delivery {
  readonly group: Group;
  readonly consumer: Consumer;
  readonly noAck: boolean;
}

/** Gives the entries behind an id, `count` of them at most (0: all). Where they go to a group they become pending and it moves on. */
export function deliver(stream: Stream, after: StreamId, count: number, now: number, to: Delivery | undefined): Reply {
  const entries: Reply[] = [];
  if (after === MAX_ID) return array(entries);
  for (const entry of stream.range(after + 1n, MAX_ID)) {
    if (to !== undefined) {
      advance(stream, to.group, entry.id);
      if (!to.noAck) {
        const pending = to.group.pending.get(entry.id) ?? { consumer: undefined, deliveredAt: now, deliveries: 1 };
        pending.deliveredAt = now;
        pending.deliveries = 1;
        to.group.assign(entry.id, pending, to.consumer);
      }
    }
    entries.push(entryReply(entry));
    if (count > 0 && entries.length === count) break;
  }
  return array(entries);
}

/** Gives what a consumer was delivered behind an id and has not acknowledged; deleted entries without fields. Counts as a delivery. */
export function deliverAgain(stream: Stream, after: StreamId, count: number, now: number, consumer: Consumer): Reply {
  const entries: Reply[] = [];
  for (const [id, pending] of after === MAX_ID ? [] : consumer.pending.from(after + 1n)) {
    const entry = stream.entry(id);
    if (entry === undefined) entries.push(array([idReply(id), NO_LIST]));
    else {
      pending.deliveredAt = now;
      pending.deliveries += 1;
      entries.push(entryReply(entry));
    }
    if (count > 0 && entries.length === count) break;
  }
  return array(entries);
}

/** The group has read as far as this entry. */
function advance(stream: Stream, group: Group, id: StreamId): void {
  if (id <= group.lastId) return;
  if (group.read !== undefined && !stream.hasTombstones(id)) group.read += 1;
  else if (stream.added > 0) group.read = stream.distance(id);
  group.lastId = id;
}
