import type { CancelTimer, Environment, Link, LinkEvents } from '../../protocols/common/environment.ts';
import { type LinkWire, linkWire } from '../../protocols/rsocket/peer/link-wire.ts';

/** How long an orderly end may stay unanswered before the connection is dropped, nominal ms. */
const CLOSE_PATIENCE_MS = 200;

/** Who hears what a connection says. */
export interface ConnectionOwner {
  frame(bytes: Uint8Array): void;
  lost(): void;
}

/** An accepted connection with its present owner: what decides about its first frame, then its session. */
export class Connection implements LinkWire {
  readonly #environment: Environment;
  readonly #patienceMs: number;
  readonly #wire: LinkWire;
  readonly #gone: () => void;
  #owner: ConnectionOwner | undefined;
  #cancelAbort: CancelTimer | undefined;
  #open = true;
  /** Which connection it is, counted from 0 in the order of accepting. */
  readonly number: number;

  constructor(environment: Environment, link: Link, number: number, timeScale: number, gone: () => void) {
    this.#environment = environment;
    this.#patienceMs = CLOSE_PATIENCE_MS * timeScale;
    this.#wire = linkWire(link);
    this.number = number;
    this.#gone = gone;
  }

  /** What the link reports to. Text messages are no frames and are dropped (RSOCKET-FRAME-18). */
  readonly events: LinkEvents = {
    opened: () => {},
    message: (frame) => {
      if (!frame.text) this.#owner?.frame(frame.data);
    },
    closed: () => {
      this.#open = false;
      this.#cancelAbort?.();
      this.#gone();
      const owner = this.#owner;
      this.#owner = undefined;
      owner?.lost();
    },
  };

  get isOpen(): boolean {
    return this.#open;
  }

  /** Hands it to its next owner; without one nothing that comes is heard. */
  own(owner: ConnectionOwner | undefined): void {
    this.#owner = owner;
  }

  send(bytes: Uint8Array): void {
    if (this.#open) this.#wire.send(bytes);
  }

  sendText(text: string): void {
    if (this.#open) this.#wire.sendText(text);
  }

  ping(text: string): void {
    if (this.#open) this.#wire.ping(text);
  }

  sendRaw(bytes: Uint8Array): void {
    if (this.#open) this.#wire.sendRaw(bytes);
  }

  /** Ends it in order, and drops it where the other end does not answer. The owner hears nothing of it. */
  close(): void {
    this.#owner = undefined;
    if (!this.#open || this.#cancelAbort !== undefined) return;
    this.#cancelAbort = this.#environment.after(this.#patienceMs, () => this.#wire.abort());
    this.#wire.close();
  }

  abort(): void {
    this.#owner = undefined;
    if (this.#open) this.#wire.abort();
  }
}
