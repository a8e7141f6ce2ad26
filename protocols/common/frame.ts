/** The end of a connection that an implementation plays. */
export type Role = 'client' | 'server';

/** Both roles. */
export const ROLES: readonly Role[] = ['client', 'server'];

/** Who takes part in a run: its two ends and, where both dial one, the broker between them. */
export type Party = Role | 'broker';

/** The other end. */
export function peerOf(role: Role): Role {
  return role === 'client' ? 'server' : 'client';
}

/** Which end it is, where the ends meet. Throws an Error for a broker: then they do not. */
export function endOf(party: Party): Role {
  if (party === 'broker') throw new Error('a broker takes part where the ends were to meet');
  return party;
}

/** All who may take part. */
export const parties: readonly Party[] = ['client', 'server', 'broker'];

/** Who dialled a connection, and who accepted it. Carriers know sides and protocols know roles. */
export type Side = 'dialler' | 'acceptor';

/** Who is at that side of a connection between the two ends: the client dials. */
export function roleOf(side: Side): Role {
  return side === 'dialler' ? 'client' : 'server';
}

/** At which side of such a connection an end is. */
export function sideOf(role: Role): Side {
  return role === 'client' ? 'dialler' : 'acceptor';
}

/** The other side. */
export function otherSide(side: Side): Side {
  return side === 'dialler' ? 'acceptor' : 'dialler';
}

/**
 * What a frame is to its connection: something that goes before the messages, a message of the protocol, the orderly end of what its
 * sender writes, or what keeps the connection and no protocol sees. The core turns on this; the kind is the carrier's word.
 */
export type FrameClass = 'opening' | 'data' | 'closing' | 'upkeep';

/** Where a frame belongs that is a part of a message, on carriers whose messages are requests and answers that go in several frames. */
export interface Part {
  /** Which request and answer of its connection, from 0. */
  readonly exchange: number;
  /** Whether it begins its message: what follows is read by it. */
  readonly head?: true;
  /** Whether nothing of its message follows. */
  readonly last?: true;
}

/** How a carrier wrote a frame whose bytes are not those of its body alone: what it put between them. */
export interface Written {
  /** What stands before the byte of the body at `at`, in order; behind the last byte where `at` is their number. */
  readonly between: readonly { readonly at: number; readonly bytes: Uint8Array }[];
  /** Bytes of the frame that had passed before it was whole. */
  readonly ahead: number;
}

/** One whole message of the carrier below the protocol: a WebSocket data message, a length-prefixed record, a part of a message of HTTP, … */
export interface MessageFrame {
  readonly kind: string;
  readonly class: 'data';
  /** True where the carrier marks the message as text (WebSocket opcode 1). */
  readonly text: boolean;
  /** The message body, reassembled, without what the carrier puts around it. */
  readonly data: Uint8Array;
  /** Bytes of the body, where they are known before it is made. */
  readonly length?: number;
  /** Absent on carriers where each frame is a message of its own. */
  readonly part?: Part;
  /** Absent where the carrier makes it of the body alone. */
  readonly written?: Written;
}

/** A binary message, or a text one, as carriers of messages have it. */
export function messageOf(data: Uint8Array, text = false): MessageFrame {
  return { kind: 'message', class: 'data', text, data };
}

/** Bytes of a message's body, which need not be made for that. */
export function bodyLength(frame: MessageFrame): number {
  return frame.length ?? frame.data.length;
}

/** The orderly end of what its sender writes: a WebSocket close frame, the FIN of a stream. */
export interface CloseFrame {
  readonly kind: string;
  readonly class: 'closing';
  /** Close code; undefined where the frame carried none. */
  readonly code: number | undefined;
  readonly reason: string;
}

/** What keeps a connection and no protocol sees: WebSocket ping and pong. */
export interface UpkeepFrame {
  readonly kind: string;
  readonly class: 'upkeep';
  readonly data: Uint8Array;
}

/** What goes before the messages: the head of an upgrade. */
export interface OpeningFrame {
  readonly kind: string;
  readonly class: 'opening';
  readonly data: Uint8Array;
}

/** What a carrier makes of the bytes of one direction. */
export type Frame = MessageFrame | CloseFrame | UpkeepFrame | OpeningFrame;
