/** The end of a connection that an implementation plays. */
export type Role = 'client' | 'server';

/** The other end. */
export function peerOf(role: Role): Role {
  return role === 'client' ? 'server' : 'client';
}

/** One whole message of the transport below the protocol: a WebSocket data message, a length-prefixed record, … */
export interface MessageFrame {
  readonly kind: 'message';
  /** True where the transport marks the message as text (WebSocket opcode 1). */
  readonly text: boolean;
  /** The message body, reassembled and unmasked. */
  readonly data: Uint8Array;
  /** Bytes of the body, where they are known before it is made. */
  readonly length?: number;
}

/** Bytes of a message's body, which need not be made for that. */
export function bodyLength(frame: MessageFrame): number {
  return frame.length ?? frame.data.length;
}

/** The orderly end of a connection announced by its sender (a WebSocket close frame). */
export interface CloseFrame {
  readonly kind: 'close';
  /** WebSocket close code; undefined where the frame carried none. */
  readonly code: number | undefined;
  readonly reason: string;
}

/** A transport-level keep-alive that no protocol sees (WebSocket ping and pong). */
export interface KeepAliveFrame {
  readonly kind: 'ping' | 'pong';
  readonly data: Uint8Array;
}

/** What a deframer makes of the bytes of one direction. */
export type Frame = MessageFrame | CloseFrame | KeepAliveFrame;
