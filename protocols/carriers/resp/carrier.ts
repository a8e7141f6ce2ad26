import type { Carrier, FaultWord } from '../../common/carrier.ts';
import { RespConversation } from './conversation.ts';

const faults: Record<Exclude<FaultWord, 'close' | 'truncate' | 'inject.text' | 'refuse.http'>, string> = {
  cut: 'the connection ends, before or after a command or a reply',
  'cut.inside': 'half of one is written, then the connection ends',
  stall: 'nothing passes any more',
  drop: 'a command, a reply, a push or a FIN is swallowed',
  duplicate: 'one is delivered twice',
  hold: 'it is kept back',
  reorder: 'two of them change places',
  corrupt: 'a byte of one is another, its marks and lengths included',
  delay: 'it comes later',
  split: 'one goes in segments of its bytes',
  'split.at': 'one goes in two segments, the first so long',
  replace: 'one says something else',
  inject: 'a command, a reply or a push that nobody sent',
  refuse: 'a connection is reset, or led nowhere',
};

/**
 * RESP2 and RESP3, as spoken to Redis: whoever dials writes commands, the broker replies in their order and pushes unasked. A frame's
 * body is all of its bytes, with marks and lengths. One that is shorter would take what follows for its rest, so no fault does that;
 * nothing goes before the first, and a side that has said all sends FIN and may go on reading.
 */
export const resp: Carrier = {
  name: 'resp',
  scheme: 'redis',
  port: 6379,
  kinds: { command: 'data', reply: 'data', push: 'data', fin: 'closing' },
  faults,
  fin: { kind: 'fin', class: 'closing', code: undefined, reason: '' },
  segments: true,
  converse: () => new RespConversation(),
  encode(frame) {
    // A FIN has no bytes.
    return frame.class === 'closing' ? new Uint8Array(0) : frame.data;
  },
};
