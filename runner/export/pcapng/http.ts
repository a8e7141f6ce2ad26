import { framingOf } from '../../../protocols/carriers/http/framing.ts';
import { type HttpHead, readHead } from '../../../protocols/carriers/http/head.ts';
import { chunkBytes } from '../../../protocols/carriers/http/write.ts';
import { concatenate } from '../../../protocols/common/byte-queue.ts';
import { latin1Bytes } from '../../../protocols/common/latin1.ts';
import type { CarrierBytes } from './carrier.ts';

/** HTTP/1.1. A trace holds bodies without what chunks put between their bytes, so each of its frames is written as one chunk. */
export const httpBytes: CarrierBytes = {
  port: 80,
  preamble: () => [],
  writer(from) {
    const kind = from === 'client' ? 'request' : 'response';
    let inChunks = false;
    return (frame) => {
      // A FIN is none of the bytes.
      if (frame.class === 'closing') return undefined;
      if (frame.kind === 'head') inChunks = isFollowedByChunks(frame.data, kind);
      if (frame.kind === 'data' && inChunks) return chunkBytes(frame.data);
      // The last chunk, then the trailers as they were and the empty line.
      if (frame.kind === 'end') return concatenate([latin1Bytes('0\r\n'), frame.data, latin1Bytes('\r\n')]);
      return frame.data;
    };
  },
};

/** Whether the body behind a head goes in chunks; one behind a head that cannot be read does not. */
function isFollowedByChunks(bytes: Uint8Array, kind: HttpHead['kind']): boolean {
  const head = readHead(bytes, kind);
  const framing = head.ok ? framingOf(head.value, undefined) : head;
  return framing.ok && framing.value.kind === 'chunked';
}
