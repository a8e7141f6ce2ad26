import type { Link } from '../../common/environment.ts';
import { messageOf } from '../../common/frame.ts';
import type { Wire } from './wire.ts';

/** Code of an orderly close, where the carrier has codes. */
const NORMAL = 1000;

/** A link as sessions and scripts write on it. */
export interface LinkWire extends Wire {
  /** A text message, where the carrier has such. */
  sendText(text: string): void;
  /** A ping with this text. Throws an Error where the carrier has none. */
  ping(text: string): void;
  /** Bytes outside of any frame. Throws an Error where the carrier has none. */
  sendRaw(bytes: Uint8Array): void;
}

/** Makes it; a link that has closed takes everything and does nothing. */
export function linkWire(link: Link): LinkWire {
  return {
    send: (bytes) => link.send(messageOf(bytes)),
    close: () => link.close(NORMAL, ''),
    abort: () => link.abort(),
    sendText: (text) => link.send(messageOf(new TextEncoder().encode(text), true)),
    ping: (text) => {
      if (link.upkeep === undefined) throw new Error('this carrier has no pings');
      link.upkeep({ kind: 'ping', class: 'upkeep', data: new TextEncoder().encode(text) });
    },
    sendRaw: (bytes) => {
      if (link.raw === undefined) throw new Error('this carrier has no bytes outside of its frames; use send-raw');
      link.raw(bytes);
    },
  };
}
