import { type Carrier, isFin, type WireItem } from '../../../protocols/common/carrier.ts';
import { type Frame, peerOf, type Role, sideOf } from '../../../protocols/common/frame.ts';
import type { Toxics } from '../../toxics/toxics.ts';

/** What comes of a connection on its way through toxics. */
export interface ToxicPathEvents {
  /** The server was reached: by what goes before the frames, or at once where nothing does. */
  requested(): void;
  /** What the server answers to that reached the proxy. */
  answered(): void;
  frame(to: Role, frame: Frame): void;
  /** The connection is closed toward that end. Once for each. */
  ended(end: Role, how: 'fin' | 'rst'): void;
}

/** One connection between the proxy and the server, in bytes, for toxics count bytes; `client` is the proxy's end. */
export interface ToxicPath {
  /** The server answers what goes before the frames. */
  answer(): void;
  frame(from: Role, frame: Frame): void;
  bytes(from: Role, bytes: Uint8Array): void;
  end(from: Role): void;
}

/** What must be unforeseeable is not, here: nobody looks, and the run's randomness is for who runs. */
const FORESEEABLE = (): number => 0;

/** Sends on its way what goes before the frames; undefined where the network is down. */
export function startToxicPath(carrier: Carrier, toxics: Toxics, events: ToxicPathEvents): ToxicPath | undefined {
  const conversation = carrier.converse({ authority: '', seen: '', seesOpenings: carrier.endpoint !== undefined });
  const { preamble } = carrier;
  /** Ends that what goes before the frames has still to reach. */
  const before = new Set<Role>(preamble === undefined ? [] : ['client', 'server']);
  const conduit = toxics.connect({
    bytes(to, data) {
      for (const item of conversation.push(sideOf(peerOf(to)), data)) take(to, item);
    },
    closed(end, how) {
      // What was not whole when its sender ended is told before that.
      if (how === 'fin' && carrier.fin !== undefined) for (const item of conversation.end(sideOf(peerOf(end)), how)) take(end, item);
      events.ended(end, how);
    },
  });

  function take(to: Role, item: WireItem): void {
    if (item.kind === 'frame') events.frame(to, item.frame);
    else if (item.kind === 'bytes' && before.delete(to)) {
      if (to === 'client') events.answered();
      else events.requested();
    }
  }

  if (conduit === undefined) return undefined;
  if (preamble === undefined) events.requested();
  else conduit.push('client', preamble.dialler);
  return {
    answer: () => {
      if (preamble === undefined) events.answered();
      else conduit.push('server', preamble.acceptor);
    },
    frame(from, frame) {
      if (isFin(carrier, frame)) conduit.end(from);
      else conduit.push(from, carrier.encode(frame, sideOf(from), 1, FORESEEABLE));
    },
    bytes: (from, bytes) => conduit.push(from, bytes),
    end: (from) => conduit.end(from),
  };
}
