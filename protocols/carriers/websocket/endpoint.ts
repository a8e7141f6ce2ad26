import type { Endpoint, StartEndpoint } from '../../common/carrier.ts';
import { type LinkClosed, LOST, NO_CODE } from '../../common/environment.ts';
import type { CloseFrame, Frame } from '../../common/frame.ts';
import { mayBeSent } from './close-codes.ts';
import { switchesProtocols } from './upgrade.ts';

/** heads: the connection is there, and the upgrade is not over. closing: a close frame was sent. */
type State = 'connecting' | 'heads' | 'open' | 'closing' | 'closed';

/** What RFC 6455 has for who breaks its rules (section 7.4.1). */
const PROTOCOL_ERROR = 1002;

/** Bytes of a reason that fit behind the code of a close frame. */
const LONGEST_REASON = 123;

/**
 * One end of a WebSocket connection whose owner writes and reads the heads of the upgrade itself, so that any subprotocol, path and
 * field can be offered and accepted. What follows is as RFC 6455 has it: a ping is answered with its bytes, a close frame with one (a
 * code that no peer may send with 1002), what is no frame with 1002 and the reason in words; the acceptor ends the byte stream once it
 * has sent and received a close frame. No extension is negotiated: a frame that needs one is no frame.
 */
export const startWebSocketEndpoint: StartEndpoint = (side, outlet, owner): Endpoint => {
  let state: State = 'connecting';
  let received: LinkClosed | undefined;

  function write(frame: Frame): void {
    outlet.frame(frame);
  }

  function sendClose(code: number | undefined, reason: string): void {
    state = 'closing';
    write({ kind: 'close', class: 'closing', code, reason });
    if (side === 'acceptor' && received !== undefined) outlet.ended('fin');
  }

  function give(): void {
    if (state === 'closed') return;
    state = 'closed';
    outlet.ended('fin');
    outlet.later(tellClosed);
  }

  function tellClosed(): void {
    owner().closed(received ?? { code: LOST, reason: '' });
  }

  function heardClose({ code, reason }: CloseFrame): void {
    received = { code: code ?? NO_CODE, reason };
    if (state === 'open') {
      if (code !== undefined && !mayBeSent(code)) sendClose(PROTOCOL_ERROR, `close code ${code} is none that may be sent`);
      else sendClose(code, '');
    } else if (side === 'acceptor') outlet.ended('fin');
  }

  return {
    link: {
      send(frame) {
        if (state === 'open') write(frame);
      },
      raw(bytes) {
        if (state !== 'connecting' && state !== 'closed') outlet.bytes(bytes);
      },
      head(head) {
        if (state !== 'heads') return;
        if (side === 'acceptor' && switchesProtocols(head)) state = 'open';
        write({ kind: 'head', class: 'opening', data: head });
      },
      upkeep(frame) {
        if (state === 'open') write(frame);
      },
      close(code, reason) {
        if (state === 'open') sendClose(code === NO_CODE ? undefined : code, reason);
        else if (state === 'connecting' || state === 'heads') give();
      },
      abort: give,
    },
    open() {
      if (state !== 'connecting') return;
      state = 'heads';
      owner().opened();
    },
    arrive(frame) {
      if (state === 'connecting' || state === 'closed') return;
      if (frame.class === 'opening') {
        if (side === 'dialler' && state === 'heads' && switchesProtocols(frame.data)) state = 'open';
        owner().head?.(frame.data);
        return;
      }
      if (state === 'heads' || received !== undefined) return;
      if (frame.class === 'data') owner().message(frame);
      else if (frame.class === 'closing') heardClose(frame);
      else {
        if (frame.kind === 'ping' && state === 'open') write({ kind: 'pong', class: 'upkeep', data: frame.data });
        owner().upkeep?.(frame);
      }
    },
    broken(why) {
      if (state === 'closed') return;
      if (state === 'open') write({ kind: 'close', class: 'closing', code: PROTOCOL_ERROR, reason: shortened(why) });
      received = { code: LOST, reason: why };
      give();
    },
    end() {
      if (state === 'closed') return;
      state = 'closed';
      tellClosed();
    },
  };
};

/** The beginning of a text that fits, cut between characters. */
function shortened(text: string): string {
  let kept = '';
  for (const character of text) {
    if (Buffer.byteLength(kept + character) > LONGEST_REASON) break;
    kept += character;
  }
  return kept;
}
