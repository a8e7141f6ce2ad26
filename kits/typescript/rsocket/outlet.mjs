// What a handler sends: items wait for credit, the end waits for them. Libraries leave that to the application.

/** Items that go out in one go; a long stream lets others speak in between. */
const BURST = 256;

/**
 * @typedef {import('./service.js').Payload} Payload
 * @typedef {import('./service.js').Mouth} Mouth
 */

/** One direction of a call. */
export class Outlet {
  /** @type {Iterator<Payload>} */
  #items = [][Symbol.iterator]();
  /** @type {Payload[]} */
  #waiting = [];
  #credit;
  #completing = false;
  #done = false;
  #pumping = false;
  #mouth;

  /**
   * @param {number} credit
   * @param {Mouth} mouth
   */
  constructor(credit, mouth) {
    this.#credit = credit;
    this.#mouth = mouth;
  }

  /** @param {number} n */
  grant(n) {
    this.#credit += n;
    this.#pump();
  }

  /** @param {Payload} payload */
  item(payload) {
    this.#waiting.push(payload);
    this.#pump();
  }

  /**
   * Items that need not be made before they can go, and the end behind them.
   *
   * @param {Iterable<Payload>} items
   */
  items(items) {
    this.#items = items[Symbol.iterator]();
    this.complete();
  }

  complete() {
    this.#completing = true;
    this.#pump();
  }

  /** An error waits for nothing. @param {string} code @param {string} text */
  fail(code, text) {
    if (this.#done) return;
    this.stop();
    this.#mouth.error(code, text);
  }

  /** Forgets what waits. */
  stop() {
    this.#done = true;
    this.#waiting = [];
  }

  #pump() {
    // What is said may bring more credit before it returns.
    if (this.#pumping) return;
    this.#pumping = true;
    for (let burst = BURST; !this.#done; burst -= 1) {
      this.#lookAhead();
      if (this.#waiting.length === 0) {
        if (!this.#completing) break;
        this.#done = true;
        this.#mouth.complete();
      } else {
        if (this.#credit <= 0) break;
        if (burst === 0) {
          setImmediate(() => this.#pump());
          break;
        }
        const [item] = this.#waiting.splice(0, 1);
        if (item === undefined) break;
        this.#credit -= 1;
        this.#lookAhead();
        this.#done = this.#completing && this.#waiting.length === 0;
        this.#mouth.next(item, this.#done);
      }
    }
    this.#pumping = false;
  }

  /** The last item is to be known as the last. */
  #lookAhead() {
    if (this.#waiting.length > 0) return;
    const next = this.#items.next();
    if (next.done !== true) this.#waiting.push(next.value);
  }
}
