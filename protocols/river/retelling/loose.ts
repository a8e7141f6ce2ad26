import type { MessageFrame } from '../../common/frame.ts';
import { isPlainObject } from '../../common/value.ts';
import { DecodingError, decodeMessage } from '../codec.ts';
import type { LooseMessage } from './envelope.ts';

/** The map that a frame carries, though it may be no message; undefined where it carries none. */
export function looseMessage(frame: MessageFrame, binding: string): LooseMessage | undefined {
  if (frame.text) return undefined;
  try {
    const value = decodeMessage(frame.data, binding);
    return isPlainObject(value) ? value : undefined;
  } catch (error) {
    if (error instanceof DecodingError) return undefined;
    throw error;
  }
}

/** The arguments of `send-raw` for a frame as it is. */
export function rawWords({ text, data }: MessageFrame): Record<string, unknown> {
  return text ? { text: Buffer.from(data).toString('utf8') } : { hex: Buffer.from(data).toString('hex') };
}
