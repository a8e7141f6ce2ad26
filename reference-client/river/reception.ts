import type { MessageFrame } from '../../protocols/common/frame.ts';
import type { RiverMessage } from '../../protocols/river/message.ts';
import { receiveMessage, type SessionState } from '../../protocols/river/session.ts';
import { isHeartbeat, isRehandshake, readMessage } from '../../protocols/river/validate.ts';

/** What a frame on an established session asks for. */
export type Arrival =
  /** Undecodable, or not from the server: the session dies (RIVER-RECON-22, RIVER-SEC-02). */
  | { readonly kind: 'invalid' }
  /** Seen before: nothing happens, and it is no sign of life (RIVER-SEQ-04, RIVER-HB-08). */
  | { readonly kind: 'duplicate' }
  /** Something is missing: the connection is closed so that a resume fetches it (RIVER-SEQ-06). */
  | { readonly kind: 'gap' }
  | { readonly kind: 'heartbeat' }
  | { readonly kind: 'rehandshake'; readonly payload: unknown }
  /** Addressed to another: it counts, and has no effect (RIVER-SEC-04). */
  | { readonly kind: 'misaddressed' }
  | { readonly kind: 'message'; readonly message: RiverMessage };

/** Reads a frame and advances the books before anything that may be rejected later (RIVER-SEQ-08). */
export function readArrival(session: SessionState, frame: MessageFrame, codec: string, gaps: 'refuse' | 'take'): Arrival {
  const decoded = readMessage(frame, codec);
  if (!decoded.ok) return { kind: 'invalid' };
  const { message } = decoded;
  const reception = receiveMessage(session, message, gaps);
  if (reception === 'foreign') return { kind: 'invalid' };
  if (reception !== 'accept') return { kind: reception };
  if (isHeartbeat(message)) return { kind: 'heartbeat' };
  if (isRehandshake(message)) return { kind: 'rehandshake', payload: message.payload };
  return message.to === session.self ? { kind: 'message', message } : { kind: 'misaddressed' };
}
