/** One way in which a secret may be written. */
export interface Form {
  /** The secret so written; of bytes, one character a byte. */
  readonly text: string;
  /** What hides a piece of it and keeps length and alphabet, so that what was readable stays so. */
  readonly hide: (piece: string) => string;
  /** The secret it is a form of. */
  readonly of: Needle;
  /** Written plainly, so that the mask of the whole can take its place. */
  readonly plain?: true;
}

/** A secret that is looked for. */
export interface Needle {
  readonly bytes: Uint8Array;
  /** What stands in place of it where a run is kept; as long as it is. */
  readonly fill: string;
}

/**
 * The forms of a secret in texts (`unit` character) or in bytes read as Latin-1 (`unit` byte): itself, and escaped or encoded as
 * JSON, URL, XML, hexadecimal, lists of bytes, and base64 in either alphabet wherever it may begin in a longer text.
 */
export function formsOf(of: Needle, unit: 'character' | 'byte'): Form[] {
  const bytes = Buffer.from(of.bytes);
  const text = bytes.toString('utf8');
  const isText = Buffer.from(text, 'utf8').equals(bytes);
  const shown = (form: string): string => (unit === 'byte' ? Buffer.from(form, 'utf8').toString('latin1') : form);
  const forms: Form[] = [{ text: unit === 'byte' ? bytes.toString('latin1') : text, hide: crosses, of, plain: true }];
  if (isText) for (const form of escaped(text)) forms.push({ text: shown(form), hide: crosses, of });
  const apart = (between: string): string => hexOf(bytes, between);
  for (const between of ['', ' ', ':', '\\x']) {
    const hex = `${between === '\\x' ? '\\x' : ''}${apart(between)}`;
    for (const form of [hex, between === '\\x' ? hex : hex.toUpperCase()]) forms.push({ text: form, hide: zeros, of });
  }
  for (const form of [`%${apart('%')}`, `%${apart('%').toUpperCase()}`]) forms.push({ text: form, hide: zeros, of });
  for (const between of [',', ', ']) forms.push({ text: of.bytes.join(between), hide: ones, of });
  for (const form of base64(bytes)) forms.push({ text: form, hide: crosses, of });
  const seen = new Set<string>();
  return forms.filter(({ text: form }) => !seen.has(form) && seen.add(form));
}

/** Bytes in hexadecimal, with something of Latin-1 between them. */
function hexOf(bytes: Buffer, between: string): string {
  const digits = bytes.toString('hex');
  if (between === '' || digits === '') return digits;
  const width = 2 + between.length;
  const written = Buffer.alloc(bytes.length * width, `00${between}`, 'latin1');
  for (let i = 0; i < bytes.length; i += 1) {
    written[i * width] = digits.charCodeAt(2 * i);
    written[i * width + 1] = digits.charCodeAt(2 * i + 1);
  }
  return written.toString('latin1', 0, written.length - between.length);
}

function escaped(text: string): string[] {
  const json = inner(text);
  const url = component(text);
  return [
    json,
    inner(json),
    json.replaceAll('/', '\\/'),
    asciiOnly(json),
    asciiOnly(json).replaceAll(/\\u[0-9a-f]{4}/g, (unit) => `\\u${unit.slice(2).toUpperCase()}`),
    url,
    url.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    url.replaceAll('%20', '+'),
    url.replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`),
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
  ];
}

function inner(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function component(text: string): string {
  return encodeURIComponent(text);
}

function asciiOnly(json: string): string {
  return json.replaceAll(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** What of the base64 of a longer text depends on these bytes alone, wherever they begin in it; and what stands at its end. */
function base64(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((before) => {
    const written = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const from = Math.ceil((before * 8) / 6);
    const own = Math.floor(((before + bytes.length) * 8) / 6);
    return [written.slice(from), written.slice(from, own)].flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')]);
  });
}

function crosses(piece: string): string {
  return 'x'.repeat(piece.length);
}

function zeros(piece: string): string {
  return piece.replaceAll(/[0-9a-f]/gi, '0');
}

function ones(piece: string): string {
  return piece.replaceAll(/\d/g, '1');
}
