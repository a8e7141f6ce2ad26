import { withLength } from '../../../protocols/carriers/tcp/deframer.ts';
import type { CarrierBytes } from './carrier.ts';

/** Frames behind their length in three bytes, from the first byte on. The port is the one at which examples of RSocket listen. */
export const tcpBytes: CarrierBytes = {
  port: 7000,
  preamble: () => [],
  // A FIN is none of the bytes.
  bytesOf: (frame) => (frame.class === 'closing' ? undefined : withLength(frame.data)),
};
