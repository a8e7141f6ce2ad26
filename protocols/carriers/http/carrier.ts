import { concatenate } from '../../common/byte-queue.ts';
import type { Carrier, FaultWord } from '../../common/carrier.ts';
import type { Frame } from '../../common/frame.ts';
import { HttpConversation } from './conversation.ts';
import type { Cut } from './reader.ts';
import { headBytes } from './write.ts';

type Possible = 'cut' | 'cut.inside' | 'stall' | 'corrupt' | 'delay' | 'split' | 'split.at' | 'refuse' | 'refuse.http';

const faults: Record<Possible & FaultWord, string> = {
  cut: 'the connection ends, before or after a frame',
  'cut.inside': 'half a frame is written, then the connection ends',
  stall: 'nothing passes any more',
  corrupt: 'a byte of a head, of a body or of trailers is another',
  delay: 'it comes later',
  split: 'a frame goes in segments of its bytes',
  'split.at': 'a frame goes in two segments, the first so long',
  refuse: 'a connection is reset, or led nowhere',
  'refuse.http': 'the first request is answered with 503',
};

/**
 * HTTP/1.1 over TCP (RFC 9112). Its frames are heads, what `cut` makes of bodies (each a frame, where there is none), and the ends of
 * bodies that go in chunks; what cannot be read is `broken`, and what there was of a frame when its sender ended is `torn`. A frame
 * that is missing, twice or of another length would make two messages of one, so no fault does that.
 */
export function httpCarrier(cut: Cut = () => undefined): Carrier {
  return {
    name: 'http',
    scheme: 'http',
    port: 80,
    kinds: { head: 'data', data: 'data', end: 'data', torn: 'data', broken: 'data', fin: 'closing' },
    faults,
    fin: { kind: 'fin', class: 'closing', code: undefined, reason: '' },
    segments: true,
    paired: true,
    refusal: headBytes('HTTP/1.1 503 Service Unavailable', [
      { name: 'Content-Length', value: '0' },
      { name: 'Connection', value: 'close' },
    ]),
    converse: () => new HttpConversation(cut),
    encode,
  };
}

/** The bytes of a frame as it was written; one that a fault changed has as many. */
function encode(frame: Frame): Uint8Array {
  if (frame.class === 'closing') return new Uint8Array(0);
  if (frame.class !== 'data' || frame.written === undefined) return frame.data;
  const { between, ahead } = frame.written;
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (const inserted of between) {
    pieces.push(frame.data.subarray(at, inserted.at), inserted.bytes);
    at = inserted.at;
  }
  pieces.push(frame.data.subarray(at));
  return concatenate(pieces).subarray(ahead);
}
