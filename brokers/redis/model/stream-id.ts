import { bulk, type RespValue } from '../../../protocols/carriers/resp/value.ts';
import { Refusal } from './refusal.ts';
import { int64, raw } from './words.ts';

/** The id of an entry: 64 bits of ms, and behind them 64 that count within one of them. */
export type StreamId = bigint;

const SEQ = 2n ** 64n;

/** The greatest id there is. */
export const MAX_ID: StreamId = SEQ * SEQ - 1n;

/** An id of its two halves. */
export const idOf = (ms: bigint, seq: bigint): StreamId => ms * SEQ + seq;

/** Its time. */
export const msOf = (id: StreamId): bigint => id / SEQ;

/** Its number within that time. */
export const seqOf = (id: StreamId): bigint => id % SEQ;

/** `1526919030474-55` */
export const idText = (id: StreamId): string => `${msOf(id)}-${seqOf(id)}`;

/** It as a reply. */
export const idReply = (id: StreamId): RespValue => bulk(idText(id));

const invalid = (): Refusal => new Refusal('ERR Invalid stream ID specified as stream command argument');

/** An unsigned half, which may have spaces, a plus and zeros before it. */
function half(text: string): bigint {
  const strict = int64(text);
  if (strict !== undefined && strict >= 0n) return strict;
  if (!/^[\t-\r ]*\+?\d+$/.test(text)) throw invalid();
  const value = BigInt(text.trim().replace('+', ''));
  if (value >= SEQ) throw invalid();
  return value;
}

/** A complete id; the number is `missing` where there is none. Throws a Refusal for what is none, `-` and `+` among it. */
export function strictId(arg: Uint8Array | undefined, missing = 0n): StreamId {
  const text = arg === undefined ? '' : raw(arg);
  if (text.length > 127) throw invalid();
  const dash = text.indexOf('-');
  return dash < 0 ? idOf(half(text), missing) : idOf(half(text.slice(0, dash)), half(text.slice(dash + 1)));
}

/** An id, or `-` for the least and `+` for the greatest. */
export function looseId(arg: Uint8Array | undefined, missing = 0n): StreamId {
  const text = arg === undefined ? '' : raw(arg);
  if (text === '-') return 0n;
  return text === '+' ? MAX_ID : strictId(arg, missing);
}

/** What XADD is given: an id whose number may be left to Redis (`5-*`). */
export function newId(arg: Uint8Array | undefined): { readonly id: StreamId; readonly numbered: boolean } {
  const text = arg === undefined ? '' : raw(arg);
  if (text.length > 127) throw invalid();
  return /^[^-]*-\*$/.test(text) ? { id: idOf(half(text.slice(0, -2)), 0n), numbered: false } : { id: strictId(arg), numbered: true };
}

/** Where a range begins; `(` leaves the id itself out. */
export function rangeStart(arg: Uint8Array | undefined): StreamId {
  const { id, isOpen } = border(arg, 0n);
  if (!isOpen) return id;
  if (id === MAX_ID) throw new Refusal('ERR invalid start ID for the interval');
  return id + 1n;
}

/** Where a range ends; `(` leaves the id itself out. */
export function rangeEnd(arg: Uint8Array | undefined): StreamId {
  const { id, isOpen } = border(arg, SEQ - 1n);
  if (!isOpen) return id;
  if (id === 0n) throw new Refusal('ERR invalid end ID for the interval');
  return id - 1n;
}

function border(arg: Uint8Array | undefined, missing: bigint): { readonly id: StreamId; readonly isOpen: boolean } {
  const isOpen = arg !== undefined && arg[0] === 40 && arg.length > 1;
  return { id: isOpen ? strictId(arg.subarray(1), missing) : looseId(arg, missing), isOpen };
}
