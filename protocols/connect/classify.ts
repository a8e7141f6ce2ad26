import type { Frame } from '../common/frame.ts';
import type { Decoded } from '../common/trace.ts';
import type { ConnectMessage } from './message.ts';

/** Kinds of frames, as patterns, lanes and fingerprints name them. The carrier's own is `fin`. */
export const frameKinds = [
  'request',
  'response',
  'body',
  'message',
  'end-of-stream',
  'end',
  'torn',
  'broken',
  'undecodable',
  'fin',
] as const;

/** Kind of a frame. */
export function kindOf(frame: Frame, decoded: Decoded<ConnectMessage> | undefined): string {
  if (frame.class !== 'data') return frame.kind;
  return decoded?.ok ? decoded.message.type : 'undecodable';
}
