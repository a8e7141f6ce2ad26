import type { MessageFrame } from '../../protocols/common/frame.ts';
import { type ExpectedSessionState, type HandshakeErrorCode, PROTOCOL_VERSION } from '../../protocols/river/message.ts';
import { isHandshakeResponse, readMessage } from '../../protocols/river/validate.ts';
import type { ClientSettings, Metadata } from './settings.ts';

/** Payload of a handshake request (RIVER-HS-03). Metadata is left out where there is none. */
export function requestPayload(
  sessionId: string,
  expectedSessionState: ExpectedSessionState,
  metadata: Metadata,
): Readonly<Record<string, unknown>> {
  return {
    type: 'HANDSHAKE_REQ',
    protocolVersion: PROTOCOL_VERSION,
    sessionId,
    expectedSessionState: { ...expectedSessionState },
    ...(metadata.kind === 'value' ? { metadata: metadata.value } : {}),
  };
}

/** The envelope of a handshake request: seq, ack and flags are 0 whatever the session's counters are (RIVER-HS-02). */
export function requestMessage(settings: ClientSettings, newId: () => string, payload: unknown): Record<string, unknown> {
  return {
    id: newId(),
    from: settings.clientId,
    to: settings.serverId,
    seq: 0,
    ack: 0,
    streamId: newId(),
    controlFlags: 0,
    ...(settings.tracing === undefined ? {} : { tracing: settings.tracing }),
    payload,
  };
}

/** What a response to a handshake means (notes, 6.3). */
export type HandshakeOutcome =
  | { readonly kind: 'ok' }
  /** The server accepted a session that was not asked for (RIVER-HS-24). */
  | { readonly kind: 'foreign' }
  /** SESSION_STATE_MISMATCH: a new session may succeed (RIVER-HS-20). */
  | { readonly kind: 'mismatch' }
  | { readonly kind: 'fatal'; readonly code: HandshakeErrorCode }
  /** Undecodable, or no handshake response (RIVER-HS-22, -23). */
  | { readonly kind: 'malformed' };

/** Reads the frame that arrived in place of a handshake response. */
export function readResponse(frame: MessageFrame, codec: string, sessionId: string): HandshakeOutcome {
  const decoded = readMessage(frame, codec);
  if (!decoded.ok || !isHandshakeResponse(decoded.message.payload)) return { kind: 'malformed' };
  const { status } = decoded.message.payload;
  if (status.ok) return { kind: status.sessionId === sessionId ? 'ok' : 'foreign' };
  return status.code === 'SESSION_STATE_MISMATCH' ? { kind: 'mismatch' } : { kind: 'fatal', code: status.code };
}
