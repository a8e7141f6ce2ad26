import { Fifo } from '../../protocols/common/fifo.ts';

/** Carries out one thing after the other: each begins when the one before it says that it is done. */
export class Steps {
  readonly #waiting = new Fifo<(done: () => void) => void>();
  #busy = false;

  add(step: (done: () => void) => void): void {
    this.#waiting.push(step);
    this.#next();
  }

  #next(): void {
    // A loop, since thousands of steps that are done at once would fill the stack.
    while (!this.#busy) {
      const step = this.#waiting.shift();
      if (step === undefined) return;
      this.#busy = true;
      let inside = true;
      step(() => {
        this.#busy = false;
        if (!inside) this.#next();
      });
      inside = false;
    }
  }
}
