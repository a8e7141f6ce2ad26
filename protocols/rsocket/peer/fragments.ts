import { Room } from '../../common/room.ts';
import { frameLength } from '../encode.ts';
import { FLAG, HEADER_BYTES, isRequest, LARGEST_FRAME, type RSocketFrame } from '../frame.ts';
import type { Payload } from '../frames.ts';

/** Bytes of a metadata length. */
const LENGTH_BYTES = 3;

/**
 * A request or item as frames of at most `largest` bytes: itself where it fits, else a first fragment and PAYLOAD frames, metadata
 * before data, F on all but the last (RSOCKET-FRAG-01, -02, -05). Completion is flagged on the last fragment (RSOCKET-FRAG-10). Other
 * frames have no fragments and stay whole, whatever their size.
 */
export function split(frame: RSocketFrame, largest = LARGEST_FRAME): readonly RSocketFrame[] {
  if (frameLength(frame) <= largest) return [frame];
  if (!isRequest(frame) && frame.type !== 'PAYLOAD') return [frame];
  const complete = frame.flags & FLAG.COMPLETE;
  const kept = frame.flags & ~(FLAG.METADATA | FLAG.COMPLETE | FLAG.FOLLOWS);
  const fixed = frameLength({ ...frame, flags: kept, data: new Uint8Array() });
  const frames: RSocketFrame[] = [];
  let { metadata, data } = frame;
  for (;;) {
    const first = frames.length === 0;
    let room = Math.max(1, largest - (first ? fixed : HEADER_BYTES) - (metadata === undefined ? 0 : LENGTH_BYTES));
    const head = metadata?.subarray(0, room);
    room -= head?.length ?? 0;
    metadata = head === undefined || head.length === metadata?.length ? undefined : metadata?.subarray(head.length);
    const body = data.subarray(0, metadata === undefined ? room : 0);
    data = data.subarray(body.length);
    const last = metadata === undefined && data.length === 0;
    const part = { metadata: head, data: body };
    const flags = (head === undefined ? 0 : FLAG.METADATA) | (last ? complete : FLAG.FOLLOWS);
    const further = { type: 'PAYLOAD', streamId: frame.streamId, reserved: [] } as const;
    frames.push(first ? { ...frame, ...part, flags: flags | kept } : { ...further, ...part, flags: flags | FLAG.NEXT });
    if (last) return frames;
  }
}

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
