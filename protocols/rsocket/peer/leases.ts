import { type Grant, LeaseBook } from './lease.ts';

/** The leases of a session: those that its end granted, and those that it was granted (RSOCKET-LEASE-01, -02). */
export class Leases {
  readonly #now: () => number;
  /** False where SETUP asked for none; then every request is permitted. */
  readonly #honoured: boolean;
  readonly #granted = new LeaseBook();
  #given: LeaseBook | undefined;
  readonly #waiting: (() => void)[] = [];
  #over = false;

  constructor(honoured: boolean, now: () => number) {
    this.#honoured = honoured;
    this.#now = now;
  }

  /** Grants the other end requests. False where leases are not honoured: then none is to be sent. */
  give(grant: Grant): boolean {
    if (!this.#honoured) return false;
    this.#given ??= new LeaseBook();
    this.#given.replace(grant, this.#now());
    return true;
  }

  /** Uses up one request of the other end; false where no lease covers it (RSOCKET-LEASE-05). Of whoever never granted any, all are covered. */
  covers(): boolean {
    return !this.#honoured || this.#given === undefined || this.#given.use(this.#now());
  }

  /** A lease of the other end: what waited for it begins, as far as it goes. */
  take(grant: Grant): void {
    if (!this.#honoured) return;
    this.#granted.replace(grant, this.#now());
    for (const start of this.#waiting.splice(0)) this.whenPermitted(start);
  }

  /** Starts a request, at once or with the lease that permits it. */
  whenPermitted(start: () => void): void {
    if (this.#over || !this.#honoured || this.#granted.use(this.#now())) start();
    else this.#waiting.push(start);
  }

  /** No lease will come any more: what waits begins, and is told so by its session. */
  end(): void {
    this.#over = true;
    for (const start of this.#waiting.splice(0)) start();
  }
}
