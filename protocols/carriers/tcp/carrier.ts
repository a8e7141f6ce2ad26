import type { Carrier, FaultWord } from '../../common/carrier.ts';
import { TcpConversation } from './conversation.ts';
import { withLength } from './deframer.ts';

const faults: Record<Exclude<FaultWord, 'close' | 'inject.text' | 'refuse.http'>, string> = {
  cut: 'the connection ends, before or after a frame',
  'cut.inside': 'half a frame is written, then the connection ends',
  stall: 'nothing passes any more',
  drop: 'a frame, or a FIN, is swallowed',
  duplicate: 'a frame is delivered twice',
  hold: 'it is kept back',
  reorder: 'two frames change places',
  corrupt: 'a byte of a frame is another',
  truncate: 'a frame is shorter, and says so',
  delay: 'it comes later',
  split: 'a frame goes in segments of its bytes',
  'split.at': 'a frame goes in two segments, the first so long',
  replace: 'a frame says something else',
  inject: 'a frame that nobody sent',
  refuse: 'a connection is reset, or led nowhere',
};

/**
 * A stream of frames over TCP, each behind its length in 24 bits (as RSocket has it). Nothing goes before the first; a side that has
 * said all sends FIN and may go on reading.
 */
export const tcp: Carrier = {
  name: 'tcp',
  scheme: 'tcp',
  port: undefined,
  kinds: { message: 'data', fin: 'closing' },
  faults,
  fin: { kind: 'fin', class: 'closing', code: undefined, reason: '' },
  segments: true,
  converse: () => new TcpConversation(),
  encode(frame) {
    // A FIN has no bytes.
    return frame.class === 'closing' ? new Uint8Array(0) : withLength(frame.data);
  },
};
