import type { Dial, Link, LinkEvents } from '../../protocols/common/environment.ts';
import type { MessageFrame } from '../../protocols/common/frame.ts';
import type { SessionState } from '../../protocols/river/session.ts';
import { readResponse } from './handshake.ts';

/**
 * A connection that a script opened: nothing happens on it by itself and what it receives has no effect, until an ok
 * answers a handshake that offered a session. `accepted` then takes the link, and its events hear the rest.
 */
export class RawConnection {
  readonly link: Link;
  #state: 'opening' | 'open' | 'over' = 'opening';
  #waiting: readonly ((link: Link) => void)[] = [];
  #offered: SessionState | undefined;

  constructor(dial: Dial, codec: string, accepted: (session: SessionState, link: Link) => LinkEvents) {
    let heir: LinkEvents | undefined;
    this.link = dial({
      opened: () => {
        this.#state = 'open';
        for (const act of this.#waiting) act(this.link);
        this.#waiting = [];
      },
      message: (frame: MessageFrame) => {
        if (heir !== undefined) {
          heir.message(frame);
        } else if (this.#offered !== undefined && readResponse(frame, codec, this.#offered.sessionId).kind === 'ok') {
          this.#state = 'over';
          heir = accepted(this.#offered, this.link);
        }
      },
      closed: (closed) => {
        this.#state = 'over';
        heir?.closed(closed);
      },
    });
  }

  /** False once the connection is gone or was taken over. */
  get isUp(): boolean {
    return this.#state !== 'over';
  }

  /** Runs `act` with the link: now, or once it is open. */
  whenOpen(act: (link: Link) => void): void {
    if (this.#state === 'open') act(this.link);
    else this.#waiting = [...this.#waiting, act];
  }

  /** The next ok makes this session the client's. */
  offer(session: SessionState): void {
    this.#offered = session;
  }

  /** Ends it by hand, or leaves it to itself where `end` does nothing. */
  leave(end: (link: Link) => void): void {
    this.#state = 'over';
    this.#offered = undefined;
    end(this.link);
  }
}
