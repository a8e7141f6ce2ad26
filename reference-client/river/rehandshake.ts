import { fromTagged, isPlainObject } from '../../protocols/common/value.ts';
import { REHANDSHAKE_STREAM } from '../../protocols/river/message.ts';
import type { MessageParts } from '../../protocols/river/session.ts';
import type { Behaviour } from './behaviour.ts';
import type { Metadata } from './settings.ts';

/**
 * The answer to a message on the reserved stream, or nothing where none is due: malformed requests, no constructor, or
 * one that fails (RIVER-REHS-02, -11). A script's `mode` may say otherwise.
 */
export function rehandshakeAnswer(
  payload: unknown,
  mode: Behaviour['rehandshake'],
  constructMetadata: () => Metadata,
): MessageParts | undefined {
  if (!isPlainObject(payload) || payload['type'] !== 'REHANDSHAKE_REQ' || mode === 'silent') return undefined;
  const answer = (content: unknown): MessageParts => ({ streamId: REHANDSHAKE_STREAM, controlFlags: 0, payload: content });
  if (mode !== 'normal') {
    if ('payload' in mode) return answer(fromTagged(mode.payload));
    return answer({ type: 'REHANDSHAKE_RESP', metadata: fromTagged(mode.metadata) });
  }
  const metadata = constructMetadata();
  return metadata.kind === 'value' ? answer({ type: 'REHANDSHAKE_RESP', metadata: metadata.value }) : undefined;
}
