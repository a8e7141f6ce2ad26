import { utf8Of } from '../../common/utf8.ts';

/** Bytes, or text that stands for its UTF-8. */
export type Text = string | Uint8Array;

/** Entries of a map, in the order in which they stand on the wire. */
export type Entries = readonly (readonly [RespValue, RespValue])[];

/**
 * One value of RESP2 or RESP3, its types told apart. Strings are bytes, since Redis' are. Doubles and big numbers are kept as they
 * were written. An integer is a bigint only where a number would not be exact.
 */
export type RespValue =
  | { readonly type: 'simple' | 'error' | 'bulk' | 'bulk-error'; readonly data: Uint8Array }
  | { readonly type: 'integer'; readonly value: number | bigint }
  /** How nothing was written: `_`, `$-1` or `*-1`. */
  | { readonly type: 'null'; readonly form: 'null' | 'bulk' | 'array' }
  | { readonly type: 'array' | 'set' | 'push'; readonly items: readonly RespValue[] }
  | { readonly type: 'map'; readonly entries: Entries }
  /** What stands beside a value and is no part of it. */
  | { readonly type: 'attributed'; readonly attributes: Entries; readonly value: RespValue }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'double' | 'big-number'; readonly text: string }
  /** `format` is three characters: `txt`, `mkd`. */
  | { readonly type: 'verbatim'; readonly format: string; readonly data: Uint8Array };

/** The name of a value's type. */
export type RespType = RespValue['type'];

const fromUtf8 = new TextDecoder();

/** The UTF-8 of a text; bytes as they are. */
export function bytesOf(text: Text): Uint8Array {
  return typeof text === 'string' ? utf8Of(text) : text;
}

/** A status: `+OK`. */
export function simple(text: Text): RespValue {
  return { type: 'simple', data: bytesOf(text) };
}

/** An error; its text begins with its code: `ERR syntax error`. */
export function error(text: Text): RespValue {
  return { type: 'error', data: bytesOf(text) };
}

/** A string of any bytes. */
export function bulk(text: Text): RespValue {
  return { type: 'bulk', data: bytesOf(text) };
}

/** A whole number. */
export function integer(value: number | bigint): RespValue {
  return { type: 'integer', value };
}

/** A list. */
export function array(items: readonly RespValue[]): RespValue {
  return { type: 'array', items };
}

/** A map of RESP3. */
export function map(entries: Entries): RespValue {
  return { type: 'map', entries };
}

/** Whether a reply is an error, of either length. */
export function isError({ type }: RespValue): boolean {
  return type === 'error' || type === 'bulk-error';
}

/** What a value of text or digits says, as text (what is no UTF-8 is replaced); undefined for what is neither. */
export function textOf(value: RespValue): string | undefined {
  switch (value.type) {
    case 'simple':
    case 'error':
    case 'bulk':
    case 'bulk-error':
    case 'verbatim':
      return fromUtf8.decode(value.data);
    case 'integer':
      return value.value.toString();
    case 'double':
    case 'big-number':
      return value.text;
    case 'attributed':
      return textOf(value.value);
    default:
      return undefined;
  }
}
