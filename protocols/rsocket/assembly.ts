import { Room } from '../common/room.ts';
import type { Payload } from './frames.ts';

/** Fragments of one payload, until the last has come. */
export class Assembly {
  readonly #room: Room;
  readonly #metadata: Uint8Array[] = [];
  readonly #data: Uint8Array[] = [];
  #length = 0;
  /** What it costs. */
  #taken: number;

  /** With the room that it takes a part of, where other payloads take theirs. */
  constructor(room = new Room()) {
    this.#room = room;
    this.#taken = room.take(0);
  }

  /** Takes the payload of one more fragment. */
  add({ metadata, data }: Payload): void {
    if (metadata !== undefined) this.#metadata.push(metadata);
    this.#data.push(data);
    const bytes = data.length + (metadata?.length ?? 0);
    this.#length += bytes;
    this.#taken += this.#room.take(bytes);
  }

  /** Whether it has more bytes than its end takes for one payload, or leaves no room for others. */
  exceeds(limit: number): boolean {
    return this.#length > limit || this.#room.isExhausted;
  }

  /** What they make together (RSOCKET-FRAG-04). */
  whole(): Payload {
    return { metadata: this.#metadata.length === 0 ? undefined : joined(this.#metadata), data: joined(this.#data) };
  }

  /** Gives its room back; it is whole, or never will be. */
  leave(): void {
    this.#room.leave(this.#taken);
    this.#taken = 0;
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : new Uint8Array(Buffer.concat(parts));
}
