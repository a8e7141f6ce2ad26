import type { Frame } from '../common/frame.ts';
import type { Decoded } from '../common/trace.ts';
import type { RSocketFrame } from './frame.ts';

/** Kind of a frame: its type, `UNKNOWN`, `undecodable`; the carrier's own word for what is no data. */
export function kindOf(frame: Frame, decoded: Decoded<RSocketFrame> | undefined): string {
  if (frame.class !== 'data') return frame.kind;
  return decoded?.ok ? decoded.message.type : 'undecodable';
}
