import type { Frame } from '../common/frame.ts';
import type { Decoded } from '../common/trace.ts';
import { FRAME_TYPES, type SwillFrame } from './frame.ts';

/** Kinds of frames, as patterns, lanes and fingerprints name them: types, what cannot be read, and what is the carrier's own. */
export const frameKinds = [...FRAME_TYPES, 'undecodable', 'head', 'close', 'ping', 'pong'] as const;

/** Kind of a frame. */
export function kindOf(frame: Frame, decoded: Decoded<SwillFrame> | undefined): string {
  if (frame.class !== 'data') return frame.kind;
  return decoded?.ok ? decoded.message.type : 'undecodable';
}
