import type { MessageFrame, UpkeepFrame } from './frame.ts';

/** Stops a timer; calling it again, or after the timer fired, does nothing. */
export type CancelTimer = () => void;

/**
 * Everything a peer, the fault engine or a step may want from outside. The real world implements it with the wall
 * clock, the simulated world with a virtual one; nothing that receives it can tell which.
 */
export interface Environment {
  /** Monotonic time in ms since the run began. */
  now(): number;
  /** Runs `callback` once, `delayMs` from now (0 = as soon as what is running has finished). */
  after(delayMs: number, callback: () => void): CancelTimer;
  /** A uniform number in [0, 1) from the run's seeded source. */
  random(): number;
}

/** Stands for a close frame that carries no code (WebSocket says so, RFC 6455, 7.1.5). */
export const NO_CODE = 1005;

/** Stands for the code of a connection that ended without ceremony. */
export const LOST = 1006;

/** How a link ended, as its owner sees it. */
export interface LinkClosed {
  /** Close code of the carrier (WebSocket: 1000, 1001, …), or `NO_CODE`; `LOST` where the connection was lost or never came to be. */
  readonly code: number;
  readonly reason: string;
}

/** What the owner of a link is told. After `closed` nothing more is called. */
export interface LinkEvents {
  /** The connection is ready for messages, or where ends write heads themselves for those. An accepted link calls this at once. */
  opened(): void;
  /** The head of an upgrade that the other end wrote; only where ends write heads themselves. After one that says so, messages follow. */
  head?(head: Uint8Array): void;
  /** What keeps the connection and no protocol sees; only where the link has `upkeep`. A ping was answered already. */
  upkeep?(frame: UpkeepFrame): void;
  /** A whole message arrived. */
  message(frame: MessageFrame): void;
  /**
   * The other end has said all and may still read (a FIN, on carriers where that passes one way): messages may be sent until `close`.
   * Where the owner does not listen for it the link closes too.
   */
  ended?(): void;
  /** The link is gone, or never came to be (no `opened` before it). */
  closed(closed: LinkClosed): void;
}

/** One end of one connection. Sending on a link that is not open does nothing. */
export interface Link {
  send(frame: MessageFrame): void;
  /**
   * Writes bytes as they are, outside of any frame: for scripts, which may lie about a length or stop in the middle. Absent where the
   * carrier's link does not give that away.
   */
  raw?(bytes: Uint8Array): void;
  /** Writes the head of an upgrade as it is, on carriers whose ends write them themselves (`Carrier.endpoint`). Absent elsewhere. */
  head?(head: Uint8Array): void;
  /** Writes what keeps the connection: a ping. Absent where the carrier's link does not give that away. */
  upkeep?(frame: UpkeepFrame): void;
  /**
   * Announces an orderly end, with `NO_CODE` without one; `closed` follows when the other end answers or is gone (it may never come).
   * On a carrier without close frames it sends FIN, and the code says nothing.
   */
  close(code: number, reason: string): void;
  /** Gives the connection up at once without ceremony; `closed` follows promptly. */
  abort(): void;
}

/**
 * Opens a connection. The events object hears of everything that happens to it. `address` is where a server said that it is, as
 * `connect` has it in `url`; without it, the server that is there without a step. An address that nobody listens at is dialled in vain.
 */
export type Dial = (events: LinkEvents, address?: string) => Link;

/** Called with each accepted connection; the returned events object hears of it from then on. */
export type Accept = (link: Link) => LinkEvents;

/** The events of a link with something around each; `happening` says which it is, and `tell` tells it. What the owner does not listen for stays absent. */
export function eventsAround(events: LinkEvents, around: (happening: keyof LinkEvents, tell: () => void) => void): LinkEvents {
  return {
    opened: () => around('opened', () => events.opened()),
    message: (frame) => around('message', () => events.message(frame)),
    ...(events.ended === undefined ? {} : { ended: () => around('ended', () => events.ended?.()) }),
    ...(events.head === undefined ? {} : { head: (head) => around('head', () => events.head?.(head)) }),
    ...(events.upkeep === undefined ? {} : { upkeep: (frame) => around('upkeep', () => events.upkeep?.(frame)) }),
    closed: (closed) => around('closed', () => events.closed(closed)),
  };
}

/** The events of a link, with `then` called after each message was taken. */
export function afterEachMessage(events: LinkEvents, then: () => void): LinkEvents {
  return eventsAround(events, (happening, tell) => {
    tell();
    if (happening === 'message') then();
  });
}

/** Makes ids from the environment's randomness: `length` characters out of digits and letters. */
export function randomId(environment: Environment, length = 12): string {
  const alphabet = '0123456789abcdefghijklmnopqrstuvxyzABCDEFGHIJKLMNOPQRSTUVXYZ';
  let id = '';
  for (let i = 0; i < length; i += 1) {
    id += alphabet[Math.floor(environment.random() * alphabet.length)];
  }
  return id;
}
