import { type ByteQueue, concatenate, firstBytes, type Pieces } from '../../common/byte-queue.ts';
import type { MessageFrame, Part } from '../../common/frame.ts';
import { isBetterLate, LateMessage } from '../late-message.ts';

/** A frame that was read: made once it is known how many of its bytes passed before it was whole. */
export interface ReadFrame {
  readonly frame: (ahead: number) => MessageFrame;
  /** Its length on the wire. */
  readonly bytes: number;
}

/** A frame that is being read: its bytes on the wire, those that are the body's, and what the coding of the transfer put between them. */
export class FrameBuilder {
  #wire = 0;
  #body: Uint8Array[] = [];
  #length = 0;
  #between: { at: number; bytes: Uint8Array }[] = [];

  /** Bytes on the wire. */
  get wire(): number {
    return this.#wire;
  }

  /** Bytes of the body. */
  get length(): number {
    return this.#length;
  }

  /** How often something was put between bytes of the body. */
  get chunks(): number {
    return this.#between.length;
  }

  /** The first bytes of the body, `most` or as many as are there. */
  beginning(most: number): Uint8Array {
    const [first] = this.#body;
    return first !== undefined && first.length >= most ? first.subarray(0, most) : concatenate(firstBytes(this.#body, most));
  }

  /** Takes so many bytes of the body out of a queue, which has them. */
  take(queue: ByteQueue, length: number): void {
    for (const piece of queue.take(length)) this.#body.push(piece);
    this.#length += length;
    this.#wire += length;
  }

  /** Bytes on the wire that stand beside the body. */
  addWire(bytes: number): void {
    this.#wire += bytes;
  }

  /** What stands between bytes of the body, behind so many of them. */
  addBetween(at: number, bytes: Uint8Array): void {
    this.#between.push({ at, bytes });
  }

  /** The frame with its length on the wire; the next begins. `data` is what it says where that is not the body. */
  finish(kind: string, part: Part, data?: Uint8Array): ReadFrame {
    const between = this.#between;
    const bytes = this.#wire;
    const body = data === undefined ? this.#body : [data];
    const length = data?.length ?? this.#length;
    this.reset();
    return {
      frame: (ahead) => {
        const written = between.length === 0 && ahead === 0 ? {} : { written: { between, ahead } };
        if (isBetterLate(length, body.length)) return new LateMessage({ kind, text: false, part, ...written }, length, () => joined(body));
        return { kind, class: 'data', text: false, data: joined(body), part, ...written };
      },
      bytes,
    };
  }

  /** What was read of it is done with. */
  reset(): void {
    this.#wire = 0;
    this.#body = [];
    this.#length = 0;
    this.#between = [];
  }
}

/** Bytes as one array: a view where they lie together. Never a Buffer, whatever came: values that are read from it must be of one kind. */
function joined(pieces: Pieces): Uint8Array {
  const [only, second] = pieces;
  return only === undefined || second !== undefined ? concatenate(pieces) : new Uint8Array(only.buffer, only.byteOffset, only.length);
}
