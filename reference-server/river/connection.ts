import type { Environment, Link, LinkClosed, LinkEvents } from '../../protocols/common/environment.ts';
import type { MessageFrame } from '../../protocols/common/frame.ts';

/** How long an orderly close may stay unanswered before the link is aborted, nominal ms. */
const CLOSE_PATIENCE_MS = 200;

/** Who hears of a connection: the pending handshake at first, then its session. */
export interface ConnectionOwner {
  message(frame: MessageFrame): void;
  closed(closed: LinkClosed): void;
}

/** An accepted link with its present owner. Once given up it tells nobody anything any more (RIVER-RECON-18). */
export class Connection {
  readonly #environment: Environment;
  readonly #link: Link;
  readonly #patienceMs: number;
  readonly #gone: () => void;
  #owner: ConnectionOwner | undefined;
  #cancelAbort: (() => void) | undefined;
  #open = true;

  constructor(environment: Environment, link: Link, timeScale: number, gone: () => void) {
    this.#environment = environment;
    this.#link = link;
    this.#patienceMs = CLOSE_PATIENCE_MS * timeScale;
    this.#gone = gone;
  }

  /** What the link reports to. */
  readonly events: LinkEvents = {
    opened: () => {},
    message: (frame) => this.#owner?.message(frame),
    closed: (closed) => {
      this.#open = false;
      this.#cancelAbort?.();
      this.#gone();
      const owner = this.#owner;
      this.#owner = undefined;
      owner?.closed(closed);
    },
  };

  /** Hands the connection to its next owner. */
  own(owner: ConnectionOwner): void {
    this.#owner = owner;
  }

  /** Writes a frame; does nothing once the link is closed. */
  send(frame: MessageFrame): void {
    if (this.#open) this.#link.send(frame);
  }

  /** Closes in order, and aborts where the other end does not answer. The owner hears nothing of it. */
  giveUp(code = 1000, reason = ''): void {
    this.#owner = undefined;
    if (!this.#open || this.#cancelAbort !== undefined) return;
    this.#cancelAbort = this.#environment.after(this.#patienceMs, () => this.#link.abort());
    this.#link.close(code, reason);
  }

  /** Drops the connection without ceremony. The owner hears nothing of it. */
  abort(): void {
    this.#owner = undefined;
    if (this.#open) this.#link.abort();
  }
}
