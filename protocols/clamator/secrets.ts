import { decodeCommand, decodeValue } from '../carriers/resp/decode.ts';
import { encodeCommand, encodeValue } from '../carriers/resp/encode.ts';
import { type RespValue, textOf } from '../carriers/resp/value.ts';
import type { MessageFrame } from '../common/frame.ts';
import type { Masking } from '../common/protocol.ts';
import { isPlainObject } from '../common/value.ts';
import { readJson } from './json.ts';
import type { ClamatorMessage, Entry } from './message.ts';

/** Names that stand before secrets in a frame that cannot be read. */
export const secretWords: readonly string[] = ['AUTH'];

/** Settings of Redis that are passwords. */
const PASSWORDS = /^(?:requirepass|masterauth|tls-key-file-pass|tls-client-key-file-pass)$/i;

/** Indexes of the words of a command, its name included, that say a password: those of a login, of a setting, of a user. */
function secretWordsOf(words: readonly string[]): readonly number[] {
  const [name = '', sub = ''] = words.map((word) => word.toUpperCase());
  const all = words.map((_, i) => i);
  const behind = (word: RegExp): number[] => {
    const at = words.findIndex((each) => word.test(each));
    return at < 0 ? [] : all.slice(at + 1);
  };
  if (name === 'AUTH') return all.slice(1);
  if (name === 'HELLO') return behind(/^auth$/i);
  if (name === 'MIGRATE') return behind(/^auth2?$/i);
  if (name === 'CONFIG' && sub === 'SET') return all.filter((i) => PASSWORDS.test(words[i - 1] ?? ''));
  if (name === 'ACL' && sub === 'SETUSER') return all.filter((i) => i > 2 && /^[<>#!]/.test(words[i] ?? ''));
  return [];
}

/** Where a frame carries secrets: in words that say a password, and in fields of entries whose names say so. */
export function secretPaths(message: ClamatorMessage, isSecret: (name: string) => boolean): readonly (readonly string[])[] {
  if (message.type === 'answer') return (message.entries ?? []).flatMap((entry, i) => pathsIn(entry, ['entries', String(i)], isSecret));
  if (message.type !== 'command') return [];
  const words = [...message.name.split(' '), ...message.args];
  const shift = words.length - message.args.length;
  return [
    ...secretWordsOf(words).flatMap((i) => [
      ['args', String(i - shift)],
      ['command', 'args', String(i)],
    ]),
    ...(message.entry === undefined ? [] : pathsIn(message.entry, ['entry'], isSecret)),
  ];
}

function pathsIn({ fields }: Entry, before: readonly string[], isSecret: (name: string) => boolean): string[][] {
  return fields.flatMap(([name], i) => (isSecret(name) ? [[...before, 'fields', String(i), '1']] : []));
}

/** The bytes of a frame with its secrets masked, those in the JSON of its strings by what their members are called. */
export function masked(frame: MessageFrame, mask: Masking): Uint8Array {
  if (frame.kind === 'command') {
    const read = decodeCommand(frame.data);
    if (!read.ok) return mask.bytes(frame.data);
    const { args } = read.value;
    const words = args.map((arg) => fromUtf8.decode(arg));
    const secret = new Set(secretWordsOf(words));
    const hidden = args.map((arg, i) => (secret.has(i) ? utf8.encode(mask.secret(words[i] ?? '')) : maskedString(arg, words[i - 1], mask)));
    return mask.bytes(hidden.every((arg, i) => arg === args[i]) ? frame.data : encodeCommand(hidden));
  }
  const read = decodeValue(frame.data);
  if (!read.ok) return mask.bytes(frame.data);
  const hidden = maskedValue(read.value, undefined, mask);
  return mask.bytes(hidden === read.value ? frame.data : encodeValue(hidden));
}

const utf8 = new TextEncoder();
const fromUtf8 = new TextDecoder();

/** A string that is JSON without its secrets, one that stands behind a name by that name. */
function maskedString(data: Uint8Array, name: string | undefined, mask: Masking): Uint8Array {
  const json = /^\s*[[{]/.test(fromUtf8.decode(data.subarray(0, 16))) ? readJson(data) : undefined;
  if (json?.ok === true) {
    const hidden = mask.value(json.value);
    return hidden === json.value ? data : utf8.encode(JSON.stringify(hidden));
  }
  if (name === undefined) return data;
  const text = fromUtf8.decode(data);
  const hidden = mask.value({ [name]: text });
  const told = isPlainObject(hidden) ? String(hidden[name] ?? text) : text;
  return told === text ? data : utf8.encode(told);
}

/** `name`: the text that stands before it in a list. */
function maskedValue(value: RespValue, name: string | undefined, mask: Masking): RespValue {
  switch (value.type) {
    case 'bulk':
    case 'verbatim': {
      const data = maskedString(value.data, name, mask);
      return data === value.data ? value : { ...value, data };
    }
    case 'array':
    case 'set':
    case 'push': {
      const { items } = value;
      const hidden = items.map((item, i) => maskedValue(item, nameIn(items[i - 1]), mask));
      return hidden.every((item, i) => item === items[i]) ? value : { ...value, items: hidden };
    }
    case 'map': {
      const entries = value.entries.map(([key, inner]) => [key, maskedValue(inner, nameIn(key), mask)] as const);
      return entries.every(([, inner], i) => inner === value.entries[i]?.[1]) ? value : { ...value, entries };
    }
    case 'attributed': {
      const inner = maskedValue(value.value, name, mask);
      return inner === value.value ? value : { ...value, value: inner };
    }
    default:
      return value;
  }
}

function nameIn(value: RespValue | undefined): string | undefined {
  return value?.type === 'bulk' || value?.type === 'simple' ? textOf(value) : undefined;
}
