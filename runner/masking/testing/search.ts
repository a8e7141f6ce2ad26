import { brotliDecompressSync, gunzipSync, inflateRawSync } from 'node:zlib';

/** Reads texts in other ways than the one they are written in; knows nothing of how masks are made. */

const DECODERS: readonly ((text: string) => string[])[] = [
  (text) => runs(text, /[\w+/-]{8,}/g).flatMap((run) => [0, 1, 2, 3].map((from) => Buffer.from(run.slice(from), 'base64').toString())),
  (text) => runs(text, /[\w+/-]{24,}={0,2}/g).flatMap((run) => unpacked(Buffer.from(run, 'base64'))),
  (text) => runs(text, /(?:[0-9a-f]{2}[\s:]?){6,}/gi).map((run) => Buffer.from(run.replaceAll(/[\s:]/g, ''), 'hex').toString()),
  (text) =>
    runs(text, /(?:%[0-9a-f]{2}|[\w.~+!'()*-])+/gi).map((run) =>
      Buffer.from(
        run.replaceAll(/%([0-9a-f]{2})/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16))),
        'latin1',
      ).toString(),
    ),
  (text) => [
    text.replaceAll(/\\u([0-9a-f]{4})/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16))).replaceAll(/\\(["\\/])/g, '$1'),
  ],
  (text) => runs(text, /(?:\d{1,3},\s*){5,}\d{1,3}/g).map((run) => Buffer.from(run.split(/,\s*/).map(Number)).toString()),
  (text) => [text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&')],
];

/** What was compressed, from its beginning on, behind the prefix of an envelope, or where gzip begins. */
function unpacked(bytes: Buffer): string[] {
  const gzip = bytes.indexOf(Buffer.from([0x1f, 0x8b, 8]));
  const ways = [
    () => inflateRawSync(bytes),
    () => gunzipSync(bytes.subarray(gzip)),
    () => brotliDecompressSync(bytes),
    () => brotliDecompressSync(bytes.subarray(5)),
  ];
  return ways.flatMap((way) => {
    try {
      return [way().toString()];
    } catch {
      return [];
    }
  });
}

function runs(text: string, pattern: RegExp): string[] {
  return Array.from(text.matchAll(pattern), ([run]) => run);
}

/** Shortest text that may hold something packed, which reads longer than it is written. */
const SHORTEST_PACKED = 24;

/** Which of the secrets a text tells, whole or one of their halves, in whatever form; with what stands around it. */
export function secretsTold(text: string, secrets: readonly string[], levels = 2): string[] {
  const pieces = secrets.flatMap((secret) => [secret.slice(0, Math.ceil(secret.length / 2)), secret.slice(Math.floor(secret.length / 2))]);
  const shortest = Math.min(SHORTEST_PACKED, ...pieces.map(({ length }) => length));
  // Most readings of a text's words are words that were read already, or too short to tell anything however they are read.
  const read = new Set([text]);
  const told: string[] = [];
  let level = [text];
  for (let left = levels; ; left -= 1) {
    for (const each of level) {
      for (const piece of pieces) {
        const at = each.indexOf(piece);
        if (at >= 0) told.push(`${piece} in …${each.slice(Math.max(0, at - 60), at + 60)}…`);
      }
    }
    if (left === 0) return told;
    level = level
      .flatMap((each) => DECODERS.flatMap((decode) => decode(each)))
      .filter((other) => other.length >= shortest && !read.has(other) && read.add(other));
  }
}
