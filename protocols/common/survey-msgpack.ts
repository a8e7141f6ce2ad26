import { type Limits, type Surveyed, tooDeep, tooMany } from './limits.ts';

/**
 * Looks at the MessagePack value at the beginning of the bytes without decoding it, once, in time linear in its parts. A list or
 * map that says it has more items than there are bytes is refused, since decoders set memory aside for them. What is malformed
 * otherwise may pass.
 */
export function surveyMsgpack(bytes: Uint8Array, limits: Limits): Surveyed {
  /** Items still to come of the lists and maps that are open, the innermost in `left`. */
  const outer: number[] = [];
  let left = 1;
  let values = 1;
  let at = 0;
  const number = (width: number): number => {
    let value = 0;
    for (let i = 0; i < width; i += 1) value = value * 256 + (bytes[at + i] ?? 0);
    at += width;
    return value;
  };
  for (;;) {
    while (left === 0) {
      const next = outer.pop();
      if (next === undefined) return { ok: true, values };
      left = next;
    }
    const byte = bytes[at];
    if (byte === undefined) return { ok: true, values };
    at += 1;
    left -= 1;
    const form = formOf(byte);
    if (form.kind === 'plain') {
      at += form.length;
      continue;
    }
    if (form.kind === 'bytes') {
      // Reading the length moves on, so it is read first.
      const length = number(form.width);
      at += length + form.more;
      continue;
    }
    const items = form.width === 0 ? form.items : number(form.width);
    if (items > bytes.length - at) return { ok: false, error: `a list or map of ${items} items in ${bytes.length - at} bytes` };
    values += items;
    if (values > limits.values) return tooMany(limits);
    if (outer.length >= limits.depth) return tooDeep(limits);
    outer.push(left);
    left = form.kind === 'map' ? items * 2 : items;
  }
}

/** What follows the first byte of a value. */
type Form =
  /** So many bytes. */
  | { readonly kind: 'plain'; readonly length: number }
  /** A length of so many bytes, then as many bytes and some more. */
  | { readonly kind: 'bytes'; readonly width: number; readonly more: number }
  /** The items; how many is in the first byte, or in a number of so many bytes. */
  | { readonly kind: 'list' | 'map'; readonly width: number; readonly items: number };

function formOf(byte: number): Form {
  return FORMS[byte] ?? NOTHING;
}

const NOTHING: Form = { kind: 'plain', length: 0 };

const FORMS: readonly Form[] = Array.from({ length: 256 }, (_, byte): Form => {
  if (byte >= 0x80 && byte <= 0x8f) return { kind: 'map', width: 0, items: byte & 0x0f };
  if (byte >= 0x90 && byte <= 0x9f) return { kind: 'list', width: 0, items: byte & 0x0f };
  if (byte >= 0xa0 && byte <= 0xbf) return { kind: 'plain', length: byte & 0x1f };
  switch (byte) {
    case 0xc4: // bin 8, 16, 32
    case 0xc5:
    case 0xc6:
      return { kind: 'bytes', width: 2 ** (byte - 0xc4), more: 0 };
    case 0xc7: // ext 8, 16, 32: their type is a byte
    case 0xc8:
    case 0xc9:
      return { kind: 'bytes', width: 2 ** (byte - 0xc7), more: 1 };
    case 0xca: // float 32, 64
    case 0xcb:
      return { kind: 'plain', length: 2 ** (byte - 0xc8) };
    case 0xcc: // uint 8 to 64
    case 0xcd:
    case 0xce:
    case 0xcf:
      return { kind: 'plain', length: 2 ** (byte - 0xcc) };
    case 0xd0: // int 8 to 64
    case 0xd1:
    case 0xd2:
    case 0xd3:
      return { kind: 'plain', length: 2 ** (byte - 0xd0) };
    case 0xd4: // fixext 1 to 16
    case 0xd5:
    case 0xd6:
    case 0xd7:
    case 0xd8:
      return { kind: 'plain', length: 1 + 2 ** (byte - 0xd4) };
    case 0xd9: // str 8, 16, 32
    case 0xda:
    case 0xdb:
      return { kind: 'bytes', width: 2 ** (byte - 0xd9), more: 0 };
    case 0xdc: // array 16, 32
    case 0xdd:
      return { kind: 'list', width: 2 * (byte - 0xdb), items: 0 };
    case 0xde: // map 16, 32
    case 0xdf:
      return { kind: 'map', width: 2 * (byte - 0xdd), items: 0 };
    default:
      return NOTHING;
  }
});
