import { isPlainObject } from '../common/value.ts';
import type { RiverMessage } from './message.ts';

const METADATA_CARRIER = /^(RE)?HANDSHAKE_/;
const METADATA = ['payload', 'metadata'];

/** Names that stand before secrets in a frame. */
export const secretWords: readonly string[] = ['metadata'];

/** Where a message carries secrets: the metadata of a handshake or re-handshake (RIVER-HS-08), whatever its form. */
export function secretPaths({ payload }: RiverMessage): readonly (readonly string[])[] {
  const type = isPlainObject(payload) && Object.hasOwn(payload, 'type') ? payload['type'] : undefined;
  return typeof type === 'string' && METADATA_CARRIER.test(type) ? [METADATA] : [];
}
