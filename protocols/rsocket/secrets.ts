import type { ByteRange } from '../common/byte-range.ts';
import type { RSocketFrame } from './frame.ts';
import { entryPlaces, MOST_ENTRIES, ROUTING } from './metadata.ts';

/** Names that stand before secrets in a frame: none, since frames have no names. */
export const secretWords: readonly string[] = [];

/** Where a frame carries secrets: the metadata of a SETUP, in which clients say who they are. */
export function secretPaths(frame: RSocketFrame): readonly (readonly string[])[] {
  return frame.type === 'SETUP' && frame.metadata !== undefined && frame.metadata.length > 0 ? [['metadata']] : [];
}

/**
 * What is secret of composite metadata that has a route: all but routes, such as a token in `message/x.rsocket.authentication.v0`. Where
 * it is cut short, as by a fragment or on purpose, it is read as far as it goes. Of metadata without a route, or of another form, all is.
 */
export function secretParts(metadata: Uint8Array): readonly ByteRange[] | undefined {
  const parts: ByteRange[] = [];
  let routes = 0;
  for (const { mime, from, to, whole } of entryPlaces(metadata)) {
    if (mime === ROUTING && isRoute(metadata.subarray(from, to), whole)) routes += 1;
    else parts.push([from, to]);
    if (routes + parts.length > MOST_ENTRIES) return undefined;
  }
  return routes === 0 ? undefined : parts;
}

/** Characters that no name has, and that most bytes of anything else are. */
const NO_NAME = /[\p{Cc}\ufffd]/u;

/** Whether bytes are a route, or the beginning of one: tags that could be names. */
function isRoute(content: Uint8Array, whole: boolean): boolean {
  let at = 0;
  while (at < content.length) {
    const end = at + 1 + (content[at] ?? 0);
    if (end > content.length && whole) return false;
    if (NO_NAME.test(Buffer.from(content.subarray(at + 1, end)).toString('utf8'))) return false;
    at = end;
  }
  return true;
}
