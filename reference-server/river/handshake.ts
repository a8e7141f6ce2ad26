import { show } from '../../protocols/common/show.ts';
import { type HandshakeErrorCode, type HandshakeRequest, PROTOCOL_VERSION, type RiverMessage } from '../../protocols/river/message.ts';
import { isHandshakeRequest } from '../../protocols/river/validate.ts';
import type { Policy } from './services.ts';

/** Why a handshake is refused. */
export interface Refusal {
  readonly kind: 'refuse';
  readonly code: HandshakeErrorCode;
  readonly reason: string;
}

/**
 * First half of the decision, on the message alone (notes 6.2, points 2 to 4): its payload, address, version and the
 * shape of its metadata. The policy's rules are not consulted yet.
 */
export function readRequest(
  message: RiverMessage,
  serverId: string,
  policy: Policy | undefined,
): { readonly kind: 'request'; readonly request: HandshakeRequest } | Refusal {
  const request = message.payload;
  if (!isHandshakeRequest(request)) return refuse('MALFORMED_HANDSHAKE', 'the first message is not a handshake request');
  if (message.to !== serverId) {
    return refuse('MALFORMED_HANDSHAKE', `the handshake is addressed to ${show(message.to)}, this is ${show(serverId)}`);
  }
  if (request.protocolVersion !== PROTOCOL_VERSION) {
    return refuse('PROTOCOL_VERSION_MISMATCH', `version ${show(request.protocolVersion)} is not supported, only ${PROTOCOL_VERSION}`);
  }
  const failure = policy?.check(request.metadata);
  if (failure !== undefined) {
    const first = failure.firstValidationErrors[0];
    return refuse('MALFORMED_HANDSHAKE_META', `metadata failed validation: ${first?.path || '/'} ${first?.message ?? ''}`);
  }
  return { kind: 'request', request };
}

/** What the server knows of the session that the client id has now. */
export interface ExistingSession {
  readonly sessionId: string;
  readonly ack: number;
  /** Seq of the oldest unacknowledged message, or the next seq. */
  readonly nextSentSeq: number;
}

/** What becomes of a handshake; `dropOld`: the client's existing session is destroyed first. */
export type Placement = { readonly kind: 'resume' } | ((Refusal | { readonly kind: 'create' }) & { readonly dropOld: boolean });

/** Second half of the decision, once metadata was accepted (notes 6.2, point 5; RIVER-HS-11 to -14, RIVER-RECON-06, -12, -13, -27). */
export function placeSession(
  request: Pick<HandshakeRequest, 'sessionId' | 'expectedSessionState'>,
  existing: ExistingSession | undefined,
  transparentReconnects: boolean,
): Placement {
  const { nextExpectedSeq, nextSentSeq } = request.expectedSessionState;
  if (existing !== undefined && existing.sessionId === request.sessionId) {
    if (!transparentReconnects) return { ...mismatch('transparent reconnects are switched off'), dropOld: true };
    if (nextSentSeq > existing.ack) {
      return { ...mismatch(`client is in the future: it would send ${nextSentSeq}, expected ${existing.ack}`), dropOld: false };
    }
    if (existing.nextSentSeq > nextExpectedSeq) {
      return {
        ...mismatch(`server is in the future: client expects ${nextExpectedSeq}, oldest kept is ${existing.nextSentSeq}`),
        dropOld: false,
      };
    }
    return { kind: 'resume' };
  }
  const dropOld = existing !== undefined;
  if (nextSentSeq > 0 || nextExpectedSeq > 0) {
    return { ...mismatch(`no session ${show(request.sessionId)} to resume at ${nextExpectedSeq}/${nextSentSeq}`), dropOld };
  }
  return { kind: 'create', dropOld };
}

function mismatch(reason: string): Refusal {
  return refuse('SESSION_STATE_MISMATCH', reason);
}

function refuse(code: HandshakeErrorCode, reason: string): Refusal {
  return { kind: 'refuse', code, reason };
}
