import type { ByteRange } from '../../protocols/common/byte-range.ts';
import { latin1 } from '../../protocols/common/latin1.ts';
import { isPlainObject } from '../../protocols/common/value.ts';
import type { Needle } from './forms.ts';
import { type Replacing, replaced, type Secret, type SecretPaths } from './gather.ts';
import type { Hit } from './hit.ts';
import { MASK } from './is-mask.ts';
import { strip } from './long-secrets.ts';
import { bytesOf, FOREIGN, fillOf } from './mask.ts';
import { type Needles, needlesOf, replaceHits } from './needles.ts';
import type { SecretKeys } from './secret-keys.ts';

/** Masks what leaves a case-run: for people in words, for judges in place. */
export interface Masker {
  /** A text for people: `<redacted>` for each secret, in whatever form. `cut`: it may begin or end in the middle of one. */
  words(text: string, cut?: 'cut'): string;
  /** A value with all its texts as `words` has them. */
  said<T>(value: T): T;
  /** A message for people: what stands where the protocol or a key names secrets is masked, whatever it is. */
  shown(message: unknown, paths: SecretPaths): unknown;
  /** A value to be judged again: fills as long as the secrets; the value itself where it has none. */
  kept(value: unknown, paths?: SecretPaths): unknown;
  /** A value whose keys are names of something else and say nothing of secrets; else as `kept` has it. */
  keptMap(value: unknown): unknown;
  /** A text to be judged again; with line breaks and all as it was but for the secrets. */
  keptText(text: string): string;
  /** Bytes to be judged again, the same where they have no secret; `local`: secrets of this place, looked for however short. */
  keptBytes(bytes: Uint8Array, local?: readonly Secret[]): Uint8Array;
  /** What stands in place of a secret, as text of its bytes where it is bytes; itself where it is published. */
  fill(secret: Secret): string;
  /** How many secrets were masked in what is kept. */
  readonly count: number;
  /** Whether what stands under a key is secret. */
  readonly keys: SecretKeys;
  /** False where secrets are shown. */
  readonly masking: boolean;
}

/** What a masker needs of the secrets of a run. */
export interface MaskerSource {
  readonly keys: SecretKeys;
  /** Learns what a text gives away. */
  read(text: string): void;
  /** Whether everybody has what stands where secrets do, since Weir's own corpus has it. */
  isPublished(secret: Secret): boolean;
  /** Secrets that are looked for everywhere, as they are known by now. */
  needles(): Needles;
}

/** Least bytes of a secret of one place that is looked for in its bytes. */
const LEAST = 4;

/** What stands in place of whatever is nested deeper than any report can show. */
const TOO_DEEP = '<nested too deep to show>';

/** Masks of what touched. */
const MASKS = new RegExp(`(?:${MASK}){2,}`, 'g');

/** User and password in a URL. */
const CREDENTIALS = /(\b[a-z][a-z0-9+.-]{0,30}:\/\/)([^\s/?#@"'<>\\]{1,1024})@/giu;

/** The credentials of the URLs in a text. */
export function credentialsIn(text: string): string[] {
  return text.includes('://') ? Array.from(text.matchAll(CREDENTIALS), ([, , credentials = '']) => credentials) : [];
}

function withoutCredentials(text: string, put: (credentials: string) => string): string {
  return text.includes('://')
    ? text.replaceAll(CREDENTIALS, (_, scheme: string, credentials: string) => `${scheme}${put(credentials)}@`)
    : text;
}

/** Makes a masker. `own` are looked for before the others; `indexOf` numbers secrets from 1. */
export function createMasker(source: MaskerSource, own: readonly Needle[], indexOf: (bytes: Uint8Array) => number): Masker {
  const ownNeedles = needlesOf(own);
  const masked = new Set<string>();
  const fill = (secret: Secret): string => {
    if (source.isPublished(secret)) return typeof secret === 'string' ? secret : latin1(secret);
    const bytes = bytesOf(secret);
    const text = fillOf(bytes, indexOf(bytes));
    masked.add(text);
    return text;
  };
  const hide = ({ form, whole }: Hit, piece: string): string => {
    masked.add(form.of.fill);
    return whole && form.plain === true ? form.of.fill : form.hide(piece);
  };
  const redact = (): string => MASK;

  function words(text: string, cut?: 'cut'): string {
    source.read(text);
    const bare = withoutCredentials(text, () => 'redacted');
    const first = replaceHits(bare, ownNeedles.inText(bare, cut !== undefined), redact);
    return replaceHits(first, source.needles().inText(first, cut !== undefined), redact).replaceAll(MASKS, MASK);
  }

  function keptText(text: string): string {
    source.read(text);
    const first = replaceHits(text, ownNeedles.inText(text), hide);
    const second = replaceHits(first, source.needles().inText(first), hide);
    return withoutCredentials(second, (credentials) => fillOf(bytesOf(credentials), FOREIGN));
  }

  function keptBytes(bytes: Uint8Array, local: readonly Secret[] = []): Uint8Array {
    const text = latin1(bytes);
    const here = local
      .filter((secret) => !source.isPublished(secret))
      .map(bytesOf)
      .filter(({ length }) => length >= LEAST);
    const { text: bare, wanted } = strip(bytes, text, here, fill);
    const found =
      wanted.length === 0 ? ownNeedles : needlesOf([...own, ...wanted.map((secret) => ({ bytes: secret, fill: fill(secret) }))]);
    const first = replaceHits(bare, found.inBytes(bare), hide);
    const second = replaceHits(first, source.needles().inBytes(first), hide);
    const third = withoutCredentials(second, (credentials) => fillOf(Buffer.from(credentials, 'latin1'), FOREIGN));
    return third === text ? bytes : new Uint8Array(Buffer.from(third, 'latin1'));
  }

  function said(value: unknown): unknown {
    if (typeof value === 'string') return words(value);
    if (Array.isArray(value)) return value.map(said);
    return isPlainObject(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, said(item)])) : value;
  }

  /** Bytes with these parts masked in place, and what else they have of secrets. */
  function keptParts(bytes: Uint8Array, secret: readonly ByteRange[]): Uint8Array {
    if (secret.every(([from, to]) => from === to)) return keptBytes(bytes);
    const filled = Uint8Array.from(bytes);
    for (const [from, to] of secret) filled.set(Buffer.from(fill(bytes.subarray(from, to)), 'latin1'), from);
    return keptBytes(filled);
  }

  const hides = (value: Secret, secret: boolean): boolean => secret && !source.isPublished(value);

  const keeping: Replacing = {
    text: (text, secret) => (hides(text, secret) ? fill(text) : keptText(text)),
    bytes: (bytes, secret) => (hides(bytes, secret) ? new Uint8Array(Buffer.from(fill(bytes), 'latin1')) : keptBytes(bytes)),
    parts: keptParts,
    number: (value) => (typeof value === 'bigint' ? BigInt(fill(String(value))) : Number(fill(String(value)))),
    deep: (value) => value,
  };

  return {
    words,
    // Of the same shape: texts become texts.
    said: <T>(value: T): T => said(value) as T,
    shown: (message, paths) =>
      replaced(
        message,
        {
          text: (text, secret) => (hides(text, secret) ? MASK : words(text)),
          bytes: (bytes, secret) => (hides(bytes, secret) ? MASK : keptBytes(bytes)),
          parts: keptParts,
          number: (value) => (source.isPublished(String(value)) ? value : MASK),
          deep: () => TOO_DEEP,
        },
        source.keys,
        paths,
      ),
    kept: (value, paths) => replaced(value, keeping, source.keys, paths),
    keptMap: (value) => replaced(value, keeping, () => false),
    keptText,
    keptBytes,
    fill,
    get count() {
      return masked.size;
    },
    get keys() {
      return source.keys;
    },
    masking: true,
  };
}

/** Masks nothing, as `--show-secrets` asks. */
export const UNMASKED: Masker = {
  words: (text) => text,
  said: (value) => value,
  shown: (message) => message,
  kept: (value) => value,
  keptMap: (value) => value,
  keptText: (text) => text,
  keptBytes: (bytes) => bytes,
  fill: (secret) => (typeof secret === 'string' ? secret : latin1(secret)),
  count: 0,
  keys: () => false,
  masking: false,
};
