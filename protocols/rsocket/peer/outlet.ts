import type { Environment } from '../../common/environment.ts';
import { Fifo } from '../../common/fifo.ts';
import { MAX_31 } from '../frame.ts';
import type { Payload } from '../frames.ts';

/** Items that go out in one go; a long stream lets others speak in between (RSOCKET-KEEPALIVE-06). */
const BURST = 256;

/** What writes the items of an outlet. */
export interface Mouth {
  item(payload: Payload, complete: boolean): void;
  complete(): void;
}

/** One direction of a stream: items wait in it for credit, its end for nothing (RSOCKET-RS-02, -05). */
export class Outlet {
  readonly #environment: Environment;
  readonly #mouth: Mouth;
  #waiting = new Fifo<Payload>();
  #lazy: Iterator<Payload> | undefined;
  #credit: number;
  #completing = false;
  #done = false;
  #pumping = false;

  constructor(environment: Environment, credit: number, mouth: Mouth) {
    this.#environment = environment;
    this.#credit = credit;
    this.#mouth = mouth;
  }

  /** True once its end was written, or it was stopped. */
  get isDone(): boolean {
    return this.#done;
  }

  /** More credit; it adds up, and no higher than can be written (RSOCKET-RS-03, -04). */
  grant(n: number): void {
    this.#credit = Math.min(MAX_31, this.#credit + n);
    this.#pump();
  }

  /** One more item. Nothing after the end. */
  push(payload: Payload): void {
    if (this.#done || this.#completing) return;
    this.#waiting.push(payload);
    this.#pump();
  }

  /** All items of a list that need not be made before they can go, and the end behind them. */
  feed(items: Iterable<Payload>): void {
    if (this.#done || this.#completing) return;
    this.#lazy = items[Symbol.iterator]();
    this.#completing = true;
    this.#pump();
  }

  /** No more items; the end goes out behind those that wait. */
  complete(): void {
    if (this.#done || this.#completing) return;
    this.#completing = true;
    this.#pump();
  }

  /** Forgets what waits; nothing more is written. */
  stop(): void {
    this.#done = true;
    this.#waiting = new Fifo();
    this.#lazy = undefined;
  }

  #pump(): void {
    // What is written may bring more credit, or more items, before it returns.
    if (this.#pumping) return;
    this.#pumping = true;
    let burst = BURST;
    while (!this.#done) {
      this.#refill();
      const item = this.#waiting.first;
      if (item === undefined) {
        if (!this.#completing) break;
        this.#done = true;
        this.#mouth.complete();
      } else {
        if (this.#credit === 0) break;
        if (burst === 0) {
          this.#environment.after(0, () => this.#pump());
          break;
        }
        burst -= 1;
        this.#waiting.shift();
        this.#credit -= 1;
        this.#refill();
        const last = this.#completing && this.#waiting.length === 0;
        this.#done = last;
        this.#mouth.item(item, last);
      }
    }
    this.#pumping = false;
  }

  /** One item of the lazy list is looked at ahead, so that the last is known as the last. */
  #refill(): void {
    if (this.#waiting.length > 0 || this.#lazy === undefined) return;
    const next = this.#lazy.next();
    if (next.done === true) this.#lazy = undefined;
    else this.#waiting.push(next.value);
  }
}
