import { chunkBytes, latin1 } from '../../../protocols/carriers/http/write.ts';
import { concatenate } from '../../../protocols/common/byte-queue.ts';
import type { CarrierBytes } from './carrier.ts';

/** HTTP/1.1. A trace holds bodies without what chunks put between their bytes, so each of its frames is written as one chunk. */
export const httpBytes: CarrierBytes = {
  port: 80,
  preamble: () => [],
  writer() {
    let inChunks = false;
    return (frame) => {
      // A FIN is none of the bytes.
      if (frame.class === 'closing') return undefined;
      if (frame.kind === 'head') inChunks = saysChunked(frame.data);
      if (frame.kind === 'data' && inChunks) return chunkBytes(frame.data);
      // The last chunk, then the trailers as they were and the empty line.
      if (frame.kind === 'end') return concatenate([latin1('0\r\n'), frame.data, latin1('\r\n')]);
      return frame.data;
    };
  },
};

function saysChunked(head: Uint8Array): boolean {
  return /^transfer-encoding:.*\bchunked[ \t]*\r$/im.test(Buffer.from(head).toString('latin1'));
}
