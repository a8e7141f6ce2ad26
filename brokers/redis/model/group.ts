import { IdMap } from './id-map.ts';
import type { StreamId } from './stream-id.ts';

/** An entry that was delivered and not acknowledged. */
export interface Pending {
  /** Undefined for a moment where XCLAIM makes it. */
  consumer: Consumer | undefined;
  deliveredAt: number;
  deliveries: number;
}

/** One who reads for a group. */
export interface Consumer {
  readonly name: string;
  seenAt: number;
  readonly pending: IdMap<Pending>;
}

/** A consumer group of a stream. */
export class Group {
  lastId: StreamId;
  /** Entries that were read, as a count of all that were added; undefined where nobody can tell. */
  read: number | undefined;
  readonly pending = new IdMap<Pending>();
  readonly #consumers = new Map<string, Consumer>();

  constructor(lastId: StreamId, read: number | undefined) {
    this.lastId = lastId;
    this.read = read;
  }

  /** In the order of their names. */
  get consumers(): Consumer[] {
    return [...this.#consumers.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  consumer(name: string): Consumer | undefined {
    return this.#consumers.get(name);
  }

  /** Gives a consumer, made where there was none, as one that is active now. */
  reader(name: string, now: number): Consumer {
    const there = this.#consumers.get(name) ?? this.create(name, now);
    there.seenAt = now;
    return there;
  }

  create(name: string, now: number): Consumer {
    const consumer = { name, seenAt: now, pending: new IdMap<Pending>() };
    this.#consumers.set(name, consumer);
    return consumer;
  }

  /** Takes a consumer away with what it was delivered. */
  remove(consumer: Consumer): void {
    for (const [id] of consumer.pending.from(0n)) this.pending.delete(id);
    this.#consumers.delete(consumer.name);
  }

  /** Makes an entry, which may be pending or not, pending for a consumer. */
  assign(id: StreamId, pending: Pending, consumer: Consumer): void {
    if (pending.consumer !== consumer) pending.consumer?.pending.delete(id);
    pending.consumer = consumer;
    consumer.pending.set(id, pending);
    this.pending.set(id, pending);
  }

  /** Lets go of an entry. Tells whether it was pending. */
  settle(id: StreamId): boolean {
    const pending = this.pending.get(id);
    if (pending === undefined) return false;
    pending.consumer?.pending.delete(id);
    this.pending.delete(id);
    return true;
  }
}
