import type { Decoded } from '../../common/trace.ts';
import type { RiverMessage } from '../message.ts';
import { isHandshakeResponse } from '../validate.ts';

/** What an answer to a handshake means for the client's session. `invalid`: a shape or session that ends it. */
export type Answer = 'none' | 'ok' | 'mismatch' | 'fatal' | 'invalid';

/** Reads the first message that a client gets on a connection (RIVER-HS-19 to RIVER-HS-24). */
export function readAnswer(decoded: Decoded<RiverMessage>, sessionId: string): Answer {
  if (!decoded.ok || !isHandshakeResponse(decoded.message.payload)) return 'invalid';
  const { status } = decoded.message.payload;
  if (status.ok) return status.sessionId === sessionId ? 'ok' : 'invalid';
  return status.code === 'SESSION_STATE_MISMATCH' ? 'mismatch' : 'fatal';
}
