import type { MessageFrame } from '../../common/frame.ts';
import { encodeCommand, encodeValue } from './encode.ts';
import type { RespValue, Text } from './value.ts';

/** The first byte of a push. */
const PUSH = 62;

/** A frame of whoever dials. Its body is all of its bytes, as they are on the wire. */
export function commandOf(data: Uint8Array): MessageFrame {
  return { kind: 'command', class: 'data', text: false, data };
}

/** A frame of the broker: a reply, or what it tells unasked. */
export function answerOf(data: Uint8Array): MessageFrame {
  return { kind: data[0] === PUSH ? 'push' : 'reply', class: 'data', text: false, data };
}

/** The frame of a command, as clients write it. */
export function commandFrame(args: readonly Text[]): MessageFrame {
  return commandOf(encodeCommand(args));
}

/** The frame of a reply or a push, as Redis writes it. */
export function replyFrame(value: RespValue): MessageFrame {
  return answerOf(encodeValue(value));
}
