import { streamBytes } from './stream.ts';

/** RESP: a frame's body is all of its bytes. The port is Redis'. */
export const respBytes = streamBytes(6379, ({ data }) => data);
