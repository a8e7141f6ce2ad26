import { latin1 } from '../common/latin1.ts';

/**
 * Composite metadata and routing (Extensions/CompositeMetadata, Extensions/Routing). A request's metadata is composite: its route, and
 * beside it, as octets, what the application says. Every other payload's metadata is what the application says, as it is.
 */

/** MIME types that have a number of 7 bits: those that are used here and in the notes. */
export const WELL_KNOWN: ReadonlyMap<number, string> = new Map([
  [0x05, 'application/json'],
  [0x06, 'application/octet-stream'],
  [0x21, 'text/plain'],
  [0x7a, 'message/x.rsocket.mime-type.v0'],
  [0x7b, 'message/x.rsocket.accept-mime-types.v0'],
  [0x7c, 'message/x.rsocket.authentication.v0'],
  [0x7d, 'message/x.rsocket.tracing-zipkin.v0'],
  [0x7e, 'message/x.rsocket.routing.v0'],
  [0x7f, 'message/x.rsocket.composite-metadata.v0'],
]);

/** Type of the metadata that a client of Weir announces. */
export const COMPOSITE = 'message/x.rsocket.composite-metadata.v0';
/** Type of a route. */
export const ROUTING = 'message/x.rsocket.routing.v0';
/** Type of the application's own metadata beside a route, and of data. */
export const OCTETS = 'application/octet-stream';

/** One entry of composite metadata. A number without a name is given as `0x40`. */
export interface Entry {
  readonly mime: string;
  readonly content: Uint8Array;
}

const numbers = new Map([...WELL_KNOWN].map(([number, mime]) => [mime, number]));

/** The bytes of composite metadata (RSOCKET-META-01); a name's length byte is one less than its length (RSOCKET-META-02). */
export function encodeComposite(entries: readonly Entry[]): Uint8Array {
  return new Uint8Array(
    Buffer.concat(
      entries.map(({ mime, content }) => {
        const number = numbers.get(mime);
        const type = number === undefined ? [mime.length - 1, ...Buffer.from(mime, 'latin1')] : [0x80 | number];
        const length = [(content.length >>> 16) & 0xff, (content.length >>> 8) & 0xff, content.length & 0xff];
        return Buffer.concat([Uint8Array.from([...type, ...length]), content]);
      }),
    ),
  );
}

/** Most entries of one composite metadata: an entry takes four bytes of the wire and a hundred times as much of memory. */
export const MOST_ENTRIES = 4096;

/** Where the content of an entry is in composite metadata. */
export interface EntryPlace {
  /** Undefined of what is not there far enough to tell. */
  readonly mime: string | undefined;
  readonly from: number;
  readonly to: number;
  /** Whether all of it is there. */
  readonly whole: boolean;
}

/** The entries of composite metadata one after the other, as far as the bytes go; only the last may not be whole. */
export function* entryPlaces(bytes: Uint8Array): Generator<EntryPlace> {
  let at = 0;
  while (at < bytes.length) {
    const type = bytes[at] ?? 0;
    const name = (type & 0x80) === 0 ? type + 1 : 0;
    const from = at + 1 + name + 3;
    if (from > bytes.length) {
      yield { mime: undefined, from: at, to: bytes.length, whole: false };
      return;
    }
    const number = type & 0x7f;
    const mime = name === 0 ? (WELL_KNOWN.get(number) ?? `0x${number.toString(16)}`) : latin1(bytes.subarray(at + 1, at + 1 + name));
    const length = ((bytes[from - 3] ?? 0) << 16) | ((bytes[from - 2] ?? 0) << 8) | (bytes[from - 1] ?? 0);
    const to = Math.min(from + length, bytes.length);
    yield { mime, from, to, whole: from + length <= bytes.length };
    at = to;
  }
}

/** The entries of composite metadata; undefined where the bytes are none, or more than `MOST_ENTRIES`. */
export function decodeComposite(bytes: Uint8Array): readonly Entry[] | undefined {
  const entries: Entry[] = [];
  for (const { mime, from, to, whole } of entryPlaces(bytes)) {
    if (mime === undefined || !whole) return undefined;
    if (entries.length >= MOST_ENTRIES) return undefined;
    entries.push({ mime, content: bytes.subarray(from, to) });
  }
  return entries;
}

/** The bytes of a route: a length byte and text, for each tag. */
export function encodeRoute(...tags: readonly string[]): Uint8Array {
  return new Uint8Array(
    Buffer.concat(
      tags.map((tag) => {
        const text = Buffer.from(tag, 'utf8').subarray(0, 255);
        return Buffer.concat([Uint8Array.from([text.length]), text]);
      }),
    ),
  );
}

/** The tags of a route; undefined where the bytes are none. */
export function decodeRoute(bytes: Uint8Array): readonly string[] | undefined {
  const tags: string[] = [];
  let at = 0;
  while (at < bytes.length) {
    const end = at + 1 + (bytes[at] ?? 0);
    if (end > bytes.length) return undefined;
    tags.push(Buffer.from(bytes.subarray(at + 1, end)).toString('utf8'));
    at = end;
  }
  return tags;
}

/** Metadata of a request: its route, and what the application says beside it, where it says anything. */
export function requestMetadata(route: string, own: Uint8Array | undefined): Uint8Array {
  const entries: Entry[] = [{ mime: ROUTING, content: encodeRoute(route) }];
  if (own !== undefined) entries.push({ mime: OCTETS, content: own });
  return encodeComposite(entries);
}

/** What a request's metadata says; `route` is undefined where it names none. */
export interface RequestMetadata {
  readonly route: string | undefined;
  readonly own: Uint8Array | undefined;
}

/** Reads the metadata of a request; of broken ones it has nothing. */
export function readRequestMetadata(metadata: Uint8Array | undefined): RequestMetadata {
  const entries = metadata === undefined ? undefined : decodeComposite(metadata);
  const find = (mime: string): Uint8Array | undefined => entries?.find((entry) => entry.mime === mime)?.content;
  const route = find(ROUTING);
  return { route: route === undefined ? undefined : decodeRoute(route)?.[0], own: find(OCTETS) };
}
