import type { MessageFrame } from '../../common/frame.ts';

/** A message whose body is made, once, when somebody asks for it: most are only passed on. */
export class LateMessage implements MessageFrame {
  readonly kind = 'message';
  readonly class = 'data';
  readonly text: boolean;
  readonly #length: number;
  #body: { readonly made: Uint8Array } | { readonly make: () => Uint8Array };

  /** `make` gives the body, which has `length` bytes. */
  constructor(text: boolean, length: number, make: () => Uint8Array) {
    this.text = text;
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
