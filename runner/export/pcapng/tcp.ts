import { withLength } from '../../../protocols/carriers/tcp/deframer.ts';
import { streamBytes } from './stream.ts';

/** Frames behind their length in three bytes, from the first byte on. The port is the one at which examples of RSocket listen. */
export const tcpBytes = streamBytes(7000, ({ data }) => withLength(data));
