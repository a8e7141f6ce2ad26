import type { MessageFrame } from '../../protocols/common/frame.ts';
import type { SentEvent } from '../../protocols/common/trace.ts';
import { isPlainObject } from '../../protocols/common/value.ts';
import type { FaultTools } from './exchange.ts';
import type { Strike } from './state.ts';

/** The strikes that change the body of a message. */
export type Alteration = Extract<Strike, { word: 'corrupt' | 'truncate' | 'replace' }>;

/** The message as the fault leaves it; the given frame, sent as `event`, stays as it is. Throws an Error saying why it cannot be changed so. */
export function alter(
  alteration: Alteration,
  { frame, event }: { readonly frame: MessageFrame; readonly event: Pick<SentEvent, 'connection' | 'from'> },
  tools: Pick<FaultTools, 'replace'>,
): MessageFrame {
  switch (alteration.word) {
    case 'corrupt':
      return corrupt(frame, alteration.byte);
    case 'truncate':
      if (alteration.to >= frame.data.length) throw new Error(`the message has only ${frame.data.length} bytes`);
      return { ...frame, data: frame.data.slice(0, alteration.to) };
    case 'replace':
      return tools.replace(frame, alteration.set, event);
  }
}

function corrupt(frame: MessageFrame, byte: number): MessageFrame {
  const at = byte < 0 ? frame.data.length + byte : byte;
  const old = frame.data[at];
  if (old === undefined) throw new Error(`the message has no byte ${byte}, only ${frame.data.length} bytes`);
  const data = frame.data.slice();
  data[at] = old ^ 0xff;
  return { ...frame, data };
}

/**
 * Lays keys over a plain map: `undefined` removes a key, anything else sets it. Throws where the message is no map.
 */
export function overlay(message: unknown, set: Readonly<Record<string, unknown>>): Record<string, unknown> {
  if (!isPlainObject(message)) throw new Error('the message is not a map of keys');
  const kept = Object.entries({ ...message, ...set }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept);
}
