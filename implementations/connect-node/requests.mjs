/** What is written one after the other, and read as a stream. */
export class Requests {
  #items = [];
  #closed = false;
  #wake = () => {};

  push(item) {
    this.#items.push(item);
    this.#wake();
  }

  close() {
    this.#closed = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator]() {
    for (;;) {
      while (this.#items.length > 0) yield this.#items.shift();
      if (this.#closed) return;
      await new Promise((wake) => {
        this.#wake = wake;
      });
    }
  }
}
