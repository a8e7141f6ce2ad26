import type { RSocketFrame } from './frame.ts';

/** Names that stand before secrets in a frame: none, since frames have no names. */
export const secretWords: readonly string[] = [];

/** Where a frame carries secrets: the metadata of a SETUP, in which clients say who they are. */
export function secretPaths(frame: RSocketFrame): readonly (readonly string[])[] {
  return frame.type === 'SETUP' && frame.metadata !== undefined && frame.metadata.length > 0 ? [['metadata']] : [];
}
