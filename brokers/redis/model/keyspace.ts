import { Refusal, wrongType } from './refusal.ts';
import { Stream } from './stream.ts';
import { raw } from './words.ts';

/** A string. */
export interface Text {
  readonly type: 'string';
  readonly data: Uint8Array;
}

/** What a key holds. */
export interface Kept {
  readonly value: Text | Stream;
  /** Unix time in ms; undefined where it stays. */
  expiresAt: number | undefined;
}

/** Who is told of keys, by name. */
export interface KeyspaceEvents {
  /** It was deleted or became ready, which wakes who waits for it. */
  changed(key: string): void;
  /** What it holds is another, or it is gone, which those who watch it learn. */
  touched(key: string): void;
}

/** The keys of one database. */
export class Keyspace {
  readonly #keys = new Map<string, Kept>();
  readonly #events: KeyspaceEvents;

  constructor(events: KeyspaceEvents) {
    this.#events = events;
  }

  /** Names, in the order in which they came. */
  names(now: number): string[] {
    this.expire(now);
    return [...this.#keys.keys()];
  }

  /** What kind of value a name has. */
  typeOf(name: string): string | undefined {
    return this.#keys.get(name)?.value.type;
  }

  /** When the next key is over; undefined where all stay. */
  nextExpiry(): number | undefined {
    let next: number | undefined;
    for (const { expiresAt } of this.#keys.values()) if (expiresAt !== undefined) next = Math.min(next ?? expiresAt, expiresAt);
    return next === undefined ? undefined : next + 1;
  }

  /** Deletes what is over by then. */
  expire(now: number): void {
    for (const [name, { expiresAt }] of this.#keys) if (expiresAt !== undefined && now > expiresAt) this.#delete(name);
  }

  get(key: Uint8Array | undefined, now: number): Kept | undefined {
    const name = raw(key ?? new Uint8Array(0));
    const kept = this.#keys.get(name);
    if (kept?.expiresAt === undefined || now <= kept.expiresAt) return kept;
    this.#delete(name);
    return undefined;
  }

  /** The stream of a key; undefined where there is no such key. Throws a Refusal for a key of another type. */
  stream(key: Uint8Array | undefined, now: number): Stream | undefined {
    const value = this.get(key, now)?.value;
    if (value?.type === 'string') throw wrongType();
    return value;
  }

  /** The stream of a key that must be there. */
  existingStream(key: Uint8Array | undefined, now: number): Stream {
    const stream = this.stream(key, now);
    if (stream === undefined) throw new Refusal('ERR no such key');
    return stream;
  }

  createStream(key: Uint8Array): Stream {
    const stream = new Stream();
    this.set(key, { value: stream, expiresAt: undefined });
    return stream;
  }

  set(key: Uint8Array, kept: Kept): void {
    const name = raw(key);
    const wasStream = this.#keys.get(name)?.value.type === 'stream';
    this.#keys.set(name, kept);
    // Who waits for a stream that comes with entries in it has waited enough.
    if (wasStream || (kept.value.type === 'stream' && kept.value.length > 0)) this.#events.changed(name);
    this.#events.touched(name);
  }

  /** What a key holds was changed from outside. */
  touch(key: Uint8Array | undefined): void {
    this.#events.touched(raw(key ?? new Uint8Array(0)));
  }

  delete(key: Uint8Array, now: number): boolean {
    return this.get(key, now) !== undefined && this.#delete(raw(key));
  }

  clear(): void {
    for (const name of this.#keys.keys()) this.#delete(name);
  }

  #delete(name: string): boolean {
    const there = this.#keys.delete(name);
    this.#events.changed(name);
    this.#events.touched(name);
    return there;
  }
}
