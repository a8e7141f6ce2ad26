import { type Environment, type LinkEvents, LOST, NO_CODE } from '../../../protocols/common/environment.ts';
import type { CloseFrame, Role } from '../../../protocols/common/frame.ts';
import type { Outlet, SimulatedLink } from './link.ts';

/**
 * A link that behaves like a TCP socket with frames on it: open as soon as the connection is there, ended one direction at a time.
 * `fin` is what the carrier calls a FIN. `owner` is asked for when there is something to tell.
 */
export function createStreamLink(
  role: Role,
  fin: CloseFrame,
  environment: Environment,
  outlet: Outlet,
  owner: () => LinkEvents,
): SimulatedLink {
  let state: 'connecting' | 'open' | 'closed' = role === 'client' ? 'connecting' : 'open';
  let announced = false;
  /** Whether this end has said all, and whether the other has. */
  let said = false;
  let heard = false;

  function announce(): void {
    if (announced) return;
    announced = true;
    owner().opened();
  }

  function close(): void {
    if (state === 'connecting') abort();
    if (state === 'closed' || said) return;
    said = true;
    // An object of its own, as each frame is.
    outlet.frame({ ...fin });
    finishOnceBoth();
  }

  function abort(): void {
    if (state === 'closed') return;
    state = 'closed';
    outlet.ended('rst');
    environment.after(0, () => owner().closed({ code: LOST, reason: '' }));
  }

  function hear(): void {
    if (heard) return;
    heard = true;
    const { ended } = owner();
    if (ended === undefined) close();
    else ended();
    finishOnceBoth();
  }

  function finishOnceBoth(): void {
    if (state !== 'open' || !said || !heard) return;
    state = 'closed';
    environment.after(0, () => owner().closed({ code: NO_CODE, reason: '' }));
  }

  return {
    link: {
      send(frame) {
        if (state === 'open' && !said) outlet.frame(frame);
      },
      raw(bytes) {
        if (state === 'open' && !said) outlet.bytes(bytes);
      },
      close,
      abort,
    },
    open() {
      if (state === 'closed') return;
      state = 'open';
      announce();
    },
    arrive(frame) {
      if (state !== 'open' || heard) return;
      announce();
      if (frame.class === 'data') owner().message(frame);
      else if (frame.class === 'closing') hear();
    },
    end(how) {
      if (state === 'closed') return;
      if (state === 'open') {
        announce();
        if (how === 'fin') {
          hear();
          return;
        }
      }
      state = 'closed';
      owner().closed({ code: LOST, reason: '' });
    },
  };
}
