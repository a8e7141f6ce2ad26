import type { Frame } from '../common/frame.ts';
import type { Decoded } from '../common/trace.ts';
import type { ClamatorMessage } from './message.ts';

/** Kind of a frame: the name of a command, or what an answer is by its form. The carrier's own is `fin`. */
export function kindOf(frame: Frame, decoded: Decoded<ClamatorMessage> | undefined): string {
  if (frame.class !== 'data') return frame.kind;
  if (decoded?.ok !== true) return 'undecodable';
  return decoded.message.type === 'command' ? decoded.message.name || 'empty' : decoded.message.form;
}
