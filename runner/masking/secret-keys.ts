import type { ByteRange } from '../../protocols/common/byte-range.ts';
import { latin1 } from '../../protocols/common/latin1.ts';
import { isMask } from './is-mask.ts';

/** Whether what stands under a key is secret. */
export interface SecretKeys {
  (key: string): boolean;
  /** Of metadata in bytes, what is secret; undefined, or absent: all of it. */
  readonly parts?: SecretParts | undefined;
  /** The names that somebody configured. */
  readonly configured?: readonly string[];
}

/** What a protocol says of metadata (`Protocol.secretParts`). */
export type SecretParts = (metadata: Uint8Array) => readonly ByteRange[] | undefined;

/** Keys whose name says that a credential stands under them. */
export const TELLING = /token|secret|passw|passphrase|authorization|credential|cookie|api[-_]?key|private[-_]?key/i;

/** Where cases and the control protocol write what protocols carry beside their messages. */
export const METADATA = 'metadata';

/**
 * The keys that name secrets: telling ones, `metadata`, and those that somebody configured, whatever their case and hyphens. Of metadata
 * the parts are secret that `parts` says, unless somebody configured that word.
 */
export function secretKeys(configured: readonly string[], parts?: SecretParts): SecretKeys {
  const own = new Set(configured.map(plainKey));
  const names = (key: string): boolean => key === METADATA || TELLING.test(key) || (own.size > 0 && own.has(plainKey(key)));
  return Object.assign(names, { parts: own.has(METADATA) ? undefined : parts, configured });
}

function plainKey(key: string): string {
  return key.toLowerCase().replaceAll(/[-_\s]/g, '');
}

/**
 * Finds values that free text gives under a key that names a secret: `token=abc`, `"token": "abc"`, `Authorization: Bearer abc`.
 * Only configured keys count in `key: value`, which is also how people write sentences.
 */
export function* secretsInText(text: string, configured: readonly string[]): Generator<string> {
  // Each pattern holds a telling word, and nearly no text does, which one look says faster than all of them.
  if (TELLING.test(text))
    for (const pattern of PATTERNS) for (const [, value] of text.matchAll(pattern)) if (value !== undefined) yield value;
  for (const key of configured) {
    const loose = plainKey(key)
      .replaceAll(/[^\p{L}\p{N}]/gu, '')
      .split('')
      .join('[-_ ]?');
    if (loose === '') continue;
    for (const [, value] of text.matchAll(new RegExp(`(?<![\\w-])${loose}["']?\\s*[=:]\\s*["']?([^\\s"'\`,;&}<]+)`, 'giu'))) {
      if (value !== undefined) yield value;
    }
  }
}

/** Likewise in bytes that hold text. */
export function secretsInBytes(bytes: Uint8Array, { configured = [] }: Pick<SecretKeys, 'configured'>): Iterable<string> {
  // Nearly all frames name nothing, which the bytes say faster than the patterns do.
  if (configured.length === 0 && !tells(bytes)) return [];
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
  return [...secretsInText(text, configured)].filter((value) => !isMask(value));
}

/** Bytes that are made a text at once: short enough that the text costs next to nothing and is gone with the next one. */
export const STRETCH = 16 * 1024;

/** The longest that a telling word is. */
const LONGEST_TELLING = 'authorization'.length;

/** What `TELLING` says of bytes as a text of one character each, which is not made of all of them. */
export function tells(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at += STRETCH)
    if (TELLING.test(latin1(bytes.subarray(at, at + STRETCH + LONGEST_TELLING - 1)))) return true;
  return false;
}

const NAME = '[\\w-]{0,40}(?:token|secret|passw(?:or)?d|passphrase|credentials?|api[-_]?key|authorization|cookie)[\\w-]{0,40}';
const PATTERNS = [
  // Assignments, as in queries and settings.
  new RegExp(`(?<![\\w-])${NAME}=["']?([^\\s"'\`,;&}<]{4,})`, 'giu'),
  // JSON and the like.
  new RegExp(`["']${NAME}\\\\?["']\\s*:\\s*\\\\?["']([^"'\\\\]{4,})`, 'giu'),
  // Headers.
  /(?<![\w-])(?:proxy-)?authorization\s*:\s*(?:(?:bearer|basic|digest|token)\s+)?([^\s"'`,;<]{4,})/giu,
];
