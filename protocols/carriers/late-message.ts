import type { MessageFrame, Part, Written } from '../common/frame.ts';

/** Bytes of a body from which on it costs less to make it later, or never, than to keep in mind how. */
const LONG = 4 * 1024;

/** Bytes that a piece of it has at least, on average: each takes memory of its own, however short. */
const PIECE = 1024;

/** Whether a body of that length, which came in so many pieces, is better made later. */
export function isBetterLate(length: number, pieces: number): boolean {
  return length > LONG && length >= PIECE * pieces;
}

/** What a frame is beside its body. */
type Outside = Pick<MessageFrame, 'kind' | 'text' | 'part' | 'written'>;

/** A message whose body is made, once, when somebody asks for it: most are only passed on. */
export class LateMessage implements MessageFrame {
  readonly kind: string;
  readonly class = 'data';
  readonly text: boolean;
  readonly part?: Part;
  readonly written?: Written;
  readonly #length: number;
  #body: { readonly made: Uint8Array } | { readonly make: () => Uint8Array };

  /** `make` gives the body, which has `length` bytes. */
  constructor({ kind, text, part, written }: Outside, length: number, make: () => Uint8Array) {
    this.kind = kind;
    this.text = text;
    if (part !== undefined) this.part = part;
    if (written !== undefined) this.written = written;
    this.#length = length;
    this.#body = { make };
  }

  get length(): number {
    return this.#length;
  }

  get data(): Uint8Array {
    if ('make' in this.#body) this.#body = { made: this.#body.make() };
    return this.#body.made;
  }
}
