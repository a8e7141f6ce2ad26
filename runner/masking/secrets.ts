import { latin1 } from '../../protocols/common/latin1.ts';
import type { Protocol } from '../../protocols/common/protocol.ts';
import { isPlainObject } from '../../protocols/common/value.ts';
import { type Secret, secretsIn } from './gather.ts';
import { decoded } from './head.ts';
import { isMask } from './is-mask.ts';
import { beginningOf } from './long-secrets.ts';
import { bytesOf, FOREIGN, fillOf } from './mask.ts';
import { createMasker, credentialsIn, type Masker, UNMASKED } from './masker.ts';
import { type Needles, needlesOf } from './needles.ts';
import { type SecretKeys, type SecretParts, secretKeys, secretsInText } from './secret-keys.ts';

/** All that a run must not tell, as it becomes known; every output goes through a masker of it. */
export interface Secrets {
  /** Whether what stands under a key is secret. */
  readonly keys: SecretKeys;
  /** Names of keys that were configured, beside those that say so. */
  readonly configured: readonly string[];
  /** Adds keys that name secrets. */
  addKeys(keys: readonly string[]): void;
  /** From now on metadata is read as the protocol says: not all of it need be secret. */
  speaks(protocol: Pick<Protocol, 'secretParts'>): void;
  /** Adds secrets. `published` ones, which stand in Weir's own corpus, are from now on none: everybody has them. */
  learn(secrets: Iterable<Secret>, published?: boolean): void;
  /** What became known since this was last asked: another thread of the run has to know it, too. */
  learned(): readonly Uint8Array[];
  /** Adds what stands in a value under keys that name secrets, and in its URLs. */
  learnFrom(value: unknown): void;
  /** A masker that tells the secrets of one case-run, its own, apart. */
  maskerOf(own: readonly Secret[]): Masker;
  /** A masker of all that is known whenever it is used. */
  readonly masker: Masker;
}

/** Least bytes of a secret that is looked for everywhere; a shorter one is masked where it stands for itself. */
const TELLING = 6;

/** Words of traces and results themselves, which stay readable whatever somebody has for a secret. */
const RESERVED = new Set(
  'client server message application delivered connect invoke finish cancel disconnect status handler opened closed redacted undefined'.split(
    ' ',
  ),
);

/** Knows nothing yet but the keys that name secrets: telling ones, and those that are configured. `show`: nothing is masked. */
export function createSecrets({ keys = [], show = false }: { readonly keys?: readonly string[]; readonly show?: boolean } = {}): Secrets {
  const configured = [...keys];
  const known = new Map<string, Uint8Array>();
  let fresh: Uint8Array[] = [];
  const published = new Set<string>();
  let parts: SecretParts | undefined;
  let isSecret = secretKeys(configured);
  let everywhere: Needles | undefined;

  function add(secret: Uint8Array): void {
    const bytes = beginningOf(secret);
    const key = keyOf(bytes);
    if (bytes.length < TELLING || published.has(keyOf(secret)) || known.has(key) || RESERVED.has(Buffer.from(bytes).toString())) return;
    known.set(key, bytes);
    fresh.push(bytes);
    everywhere = undefined;
  }

  function learn(secrets: Iterable<Secret>, isPublished = false): void {
    for (const secret of secrets) {
      for (const each of [secret, ...partsOf(secret)]) {
        if (isPublished) publish(bytesOf(each));
        else add(bytesOf(each));
      }
    }
  }

  function publish(secret: Uint8Array): void {
    published.add(keyOf(secret));
    if (known.delete(keyOf(beginningOf(secret)))) everywhere = undefined;
  }

  function read(text: string): void {
    for (const credentials of credentialsIn(text)) learn(secretsOfCredentials(credentials));
    if (/[=:]/.test(text)) learn([...secretsInText(text, configured)].filter((value) => !isMask(value)));
  }

  const source = {
    get keys() {
      return isSecret;
    },
    read,
    isPublished: (secret: Secret): boolean => published.has(keyOf(bytesOf(secret))),
    needles: (): Needles => {
      everywhere ??= needlesOf([...known.values()].map((bytes) => ({ bytes, fill: fillOf(bytes, FOREIGN) })));
      return everywhere;
    },
  };

  function maskerOf(own: readonly Secret[]): Masker {
    if (show) return UNMASKED;
    const indices = new Map<string, number>();
    const indexOf = (bytes: Uint8Array): number => {
      const key = keyOf(bytes);
      const index = indices.get(key) ?? indices.size + 1;
      indices.set(key, index);
      return index;
    };
    const all = own.map((secret) => ({ bytes: bytesOf(secret), fill: fillOf(bytesOf(secret), indexOf(bytesOf(secret))) }));
    const telling = new Map(all.filter(({ bytes }) => known.has(keyOf(bytes))).map((needle) => [keyOf(needle.bytes), needle]));
    return createMasker(source, [...telling.values()], indexOf);
  }

  return {
    get keys() {
      return isSecret;
    },
    configured,
    addKeys(more) {
      configured.push(...more);
      isSecret = secretKeys(configured, parts);
    },
    speaks({ secretParts }) {
      parts = secretParts;
      isSecret = secretKeys(configured, parts);
    },
    learn,
    learned() {
      const news = fresh.filter((bytes) => known.has(keyOf(bytes)));
      fresh = [];
      return news;
    },
    learnFrom(value) {
      learn(secretsIn(value, isSecret));
      for (const text of textsIn(value)) read(text);
    },
    maskerOf,
    masker: maskerOf([]),
  };
}

function keyOf(bytes: Uint8Array): string {
  return latin1(bytes);
}

/** The credential of a header beside its scheme, and what is in a basic one. */
function partsOf(secret: Secret): string[] {
  const [, scheme = '', rest] = (typeof secret === 'string' ? /^(bearer|basic|digest|token|apikey)\s+(\S.*)$/is.exec(secret) : null) ?? [];
  if (rest === undefined) return [];
  return scheme.toLowerCase() === 'basic' ? [rest, ...secretsOfCredentials(Buffer.from(rest, 'base64').toString())] : [rest];
}

/** Both together, and the password alone, as they stand in the URL and as they are meant. */
function secretsOfCredentials(credentials: string): string[] {
  const password = credentials.slice(credentials.indexOf(':') + 1);
  return [credentials, password].flatMap((text) => [text, decoded(text)]);
}

/** The texts of a value given by whoever started the run: no hostile depth. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isPlainObject(value) ? Object.values(value).flatMap(textsIn) : [];
}
