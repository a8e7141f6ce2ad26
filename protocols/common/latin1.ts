/** Bytes up to which taking them one by one is faster than making a view of them. */
const FEW = 24;

/** Bytes as text of one character each. */
export function latin1(bytes: Uint8Array): string {
  if (bytes.length > FEW) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** The bytes of a text whose characters are below 256, one each. */
export function latin1Bytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = text.charCodeAt(at);
  return bytes;
}
