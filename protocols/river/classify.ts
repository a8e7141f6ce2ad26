import type { Frame } from '../common/frame.ts';
import type { Decoded } from '../common/trace.ts';
import { isPlainObject } from '../common/value.ts';
import type { RiverMessage } from './message.ts';
import { CANCEL, CLOSED, OPEN } from './message.ts';
import { isCloseControl, isHeartbeat, isRehandshake } from './validate.ts';
import type { FrameKind } from './wire-pattern.ts';

/** Kind of a message that passed the envelope check. Handshakes are told by their `type` alone, so that malformed ones count too. */
export type MessageKind = Exclude<FrameKind, 'undecodable' | 'transport-close' | 'keep-alive'>;

/** Kind of a frame, from the frame alone: no session or stream is consulted. */
export function kindOf(frame: Frame, decoded: Decoded<RiverMessage> | undefined): FrameKind {
  switch (frame.class) {
    case 'closing':
      return 'transport-close';
    case 'upkeep':
    case 'opening':
      return 'keep-alive';
    case 'data':
      return decoded?.ok ? kindOfMessage(decoded.message) : 'undecodable';
  }
}

/** Kind of a message; the order is that in which receivers look (notes, section 1). */
export function kindOfMessage(message: RiverMessage): MessageKind {
  const type = isPlainObject(message.payload) ? message.payload['type'] : undefined;
  const flags = message.controlFlags;
  if ((flags & (OPEN | CANCEL)) === 0) {
    if (type === 'HANDSHAKE_REQ') return 'handshake-request';
    if (type === 'HANDSHAKE_RESP') return 'handshake-response';
  }
  if (isHeartbeat(message)) return 'heartbeat';
  if (isRehandshake(message)) return type === 'REHANDSHAKE_REQ' ? 'rehandshake-request' : 'rehandshake-response';
  if ((flags & OPEN) !== 0) return 'open';
  if ((flags & CANCEL) !== 0) return 'cancel';
  return (flags & CLOSED) !== 0 && isCloseControl(message.payload) ? 'close' : 'data';
}

/** `test.add` as an open message names it; missing names are empty. */
export function procedureOf(message: RiverMessage): string {
  return `${message.serviceName ?? ''}.${message.procedureName ?? ''}`;
}
