import { type Environment, type Link, type LinkClosed, type LinkEvents, LOST, NO_CODE } from '../../../protocols/common/environment.ts';
import type { CloseFrame, MessageFrame, Role, UpkeepFrame } from '../../../protocols/common/frame.ts';

/** Where a simulated end puts what it writes. */
export interface Outlet {
  frame(frame: MessageFrame | CloseFrame | UpkeepFrame): void;
  /** Bytes outside of any frame. */
  bytes(bytes: Uint8Array): void;
  /** The end's byte stream is over, and with it the connection. */
  ended(how: 'fin' | 'rst'): void;
}

/** One end of a simulated connection: its owner's link, and what the network does to it. Call the latter from events of the clock only. */
export interface SimulatedLink {
  readonly link: Link;
  /** The connection is ready. */
  open(): void;
  /** A message, a close frame, a ping or a pong reached this end. */
  arrive(frame: MessageFrame | CloseFrame | UpkeepFrame): void;
  /** The connection is gone. */
  end(how: 'fin' | 'rst'): void;
}

/** closing: a close frame was sent. */
type State = 'connecting' | 'open' | 'closing' | 'closed';

/**
 * A link that behaves like a WebSocket: a ping is answered by a pong, a close frame by one, the server ends the byte stream when it
 * has sent and received one, and `closed` comes with that end. `owner` is asked for when there is something to tell.
 */
export function createLink(role: Role, environment: Environment, outlet: Outlet, owner: () => LinkEvents): SimulatedLink {
  let state: State = role === 'client' ? 'connecting' : 'open';
  let announced = false;
  let received: LinkClosed | undefined;

  function sendClose(frame: CloseFrame): void {
    state = 'closing';
    outlet.frame(frame);
    if (role === 'server' && received !== undefined) outlet.ended('fin');
  }

  function abort(): void {
    if (state === 'closed') return;
    state = 'closed';
    outlet.ended('fin');
    environment.after(0, tellClosed);
  }

  function tellClosed(): void {
    owner().closed(received ?? { code: LOST, reason: '' });
  }

  function announce(): void {
    if (announced) return;
    announced = true;
    owner().opened();
  }

  return {
    link: {
      send(frame) {
        if (state === 'open') outlet.frame(frame);
      },
      upkeep(frame) {
        if (state === 'open') outlet.frame(frame);
      },
      close(code, reason) {
        if (state === 'open') sendClose({ kind: 'close', class: 'closing', code: code === NO_CODE ? undefined : code, reason });
        else if (state === 'connecting') abort();
      },
      abort,
    },
    open() {
      if (state === 'closed') return;
      if (state === 'connecting') state = 'open';
      announce();
    },
    arrive(frame) {
      if (state === 'closed' || state === 'connecting' || received !== undefined) return;
      announce();
      if (frame.class === 'data') {
        owner().message(frame);
        return;
      }
      if (frame.class === 'upkeep') {
        if (frame.kind === 'ping' && state === 'open') outlet.frame({ ...frame, kind: 'pong' });
        owner().upkeep?.(frame);
        return;
      }
      // A WebSocket reports a close frame without a code as 1005.
      received = { code: frame.code ?? NO_CODE, reason: frame.reason };
      if (state === 'open') sendClose(frame);
      else if (role === 'server') outlet.ended('fin');
    },
    end() {
      if (state === 'closed') return;
      if (state === 'open') announce();
      state = 'closed';
      tellClosed();
    },
  };
}
