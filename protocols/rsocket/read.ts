import type { MessageFrame } from '../common/frame.ts';
import { type DecodedFrame, decodeFrame } from './decode.ts';

/** A frame of a carrier as RSocket reads it, or why it is none. The same bytes mean the same on every binding. Never throws. */
export function readFrame(frame: MessageFrame): DecodedFrame {
  // RSOCKET-FRAME-18.
  if (frame.text) return { ok: false, problem: 'text', error: 'a text message is no frame', header: undefined };
  return decodeFrame(frame.data);
}
