import { type ByteQueue, concatenate, firstBytes } from '../../common/byte-queue.ts';
import type { MessageFrame, Part } from '../../common/frame.ts';

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

  /** The bytes of the body. */
  body(): Uint8Array {
    return concatenate(this.#body);
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

  /** The frame with its length on the wire; the next begins. */
  finish(kind: string, data: Uint8Array, part: Part): { readonly frame: MessageFrame; readonly bytes: number } {
    const between = this.#between;
    const bytes = this.#wire;
    this.reset();
    return {
      frame: { kind, class: 'data', text: false, data, part, ...(between.length === 0 ? {} : { written: { between, ahead: 0 } }) },
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
