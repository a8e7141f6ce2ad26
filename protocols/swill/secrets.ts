import type { SwillFrame } from './frame.ts';

/** Names that stand before secrets, in metadata and in heads. */
export const secretWords: readonly string[] = ['authorization', 'cookie', 'set-cookie', 'token', 'password', 'secret'];

/** Where a frame carries secrets: in its metadata. */
export function secretPaths(frame: SwillFrame): readonly (readonly string[])[] {
  return frame.from === 'client' ? [['metadata']] : [['leading'], ['trailing']];
}
