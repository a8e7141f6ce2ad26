import type { SwillFrame } from './frame.ts';

/** Names that stand before secrets, in metadata and in heads. */
export const secretWords: readonly string[] = ['authorization', 'cookie', 'set-cookie', 'token', 'password', 'secret'];

/** Where a frame carries secrets: what stands under such a name in metadata. */
export function secretPaths(frame: SwillFrame): readonly (readonly string[])[] {
  const maps =
    frame.from === 'client' ? ({ metadata: frame.metadata } as const) : ({ leading: frame.leading, trailing: frame.trailing } as const);
  return Object.entries(maps).flatMap(([name, metadata]) =>
    Object.keys(metadata ?? {})
      .filter((key) => secretWords.includes(key.toLowerCase()))
      .map((key) => [name, key]),
  );
}
