const utf8 = new TextEncoder();

/** Characters of a text up to which writing them one by one is faster than asking the engine. */
const FEW = 64;

/** The UTF-8 of a text. */
export function utf8Of(text: string): Uint8Array {
  if (text.length > FEW) return utf8.encode(text);
  const bytes = new Uint8Array(text.length);
  return writeAscii(bytes, 0, text) ? bytes : utf8.encode(text);
}

/** Writes the UTF-8 of a text at a place, where there is room for it. Gives where it ends. */
export function writeUtf8(bytes: Uint8Array, at: number, text: string): number {
  if (text.length <= FEW && writeAscii(bytes, at, text)) return at + text.length;
  return at + utf8.encodeInto(text, bytes.subarray(at)).written;
}

/** Writes a text of ASCII; whether it is one. */
function writeAscii(bytes: Uint8Array, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code > 127) return false;
    bytes[at + i] = code;
  }
  return true;
}
