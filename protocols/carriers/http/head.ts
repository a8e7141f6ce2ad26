import { latin1 } from '../../common/latin1.ts';

/** A field of a head or of trailers, as it was written but for the whitespace around its value. */
export interface HttpField {
  /** As it was written. */
  readonly name: string;
  /** Bytes as Latin-1, which loses none. */
  readonly value: string;
}

/** What begins a request. */
export interface RequestHead {
  readonly kind: 'request';
  readonly method: string;
  readonly target: string;
  /** `1.1` or `1.0`. */
  readonly version: string;
  readonly fields: readonly HttpField[];
}

/** What begins an answer. */
export interface ResponseHead {
  readonly kind: 'response';
  readonly status: number;
  readonly reason: string;
  readonly version: string;
  readonly fields: readonly HttpField[];
}

/** What begins a message of HTTP/1.1. */
export type HttpHead = RequestHead | ResponseHead;

/** What is wrong with bytes that should be a head, trailers or a chunk: a short stable word, and a sentence's predicate. */
export interface Fault {
  readonly rule: string;
  readonly text: string;
}

/** A reading, or why there is none. */
export type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault };

/** Fields of one head; each costs the memory of two texts. */
export const MOST_FIELDS = 20_000;

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const REQUEST_LINE = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+) ([\u0021-\u007e\u0080-\u00ff]+) HTTP\/(\d\.\d)$/;
const STATUS_LINE = /^HTTP\/(\d\.\d) (\d{3})(?: ([\t\u0020-\u007e\u0080-\u00ff]*))?$/;
/** What a value may hold (RFC 9110, 5.5): no controls but the tab. */
const VALUE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;

/**
 * Reads a head: lines that end in CRLF, the empty line behind them left out or not. Strict where leniency would let two readers
 * disagree (RFC 9112, 2.2, 5.1, 5.2): whitespace before a colon, folded lines and lone CR are refused. Time is linear in the bytes.
 */
export function readHead(bytes: Uint8Array, kind: 'request' | 'response'): Read<HttpHead> {
  const [first = '', ...lines] = linesOf(bytes);
  const fields = readFields(lines);
  if (kind === 'request') {
    const [, method, target, version] = REQUEST_LINE.exec(first) ?? [];
    if (method === undefined || target === undefined || version === undefined)
      return broken('request-line', `a line that is no request: ${shown(first)}`);
    if (!isKnown(version)) return unknownVersion(version);
    return fields.ok ? { ok: true, value: { kind, method, target, version, fields: fields.value } } : fields;
  }
  const [, version, status, reason = ''] = STATUS_LINE.exec(first) ?? [];
  if (version === undefined || status === undefined) return broken('status-line', `a line that is no status: ${shown(first)}`);
  if (!isKnown(version)) return unknownVersion(version);
  return fields.ok ? { ok: true, value: { kind, status: Number(status), reason, version, fields: fields.value } } : fields;
}

/** Reads the fields behind the last chunk of a body. */
export function readTrailers(bytes: Uint8Array): Read<readonly HttpField[]> {
  return bytes.length === 0 ? { ok: true, value: [] } : readFields(linesOf(bytes));
}

/** The values of a field, in order, whatever the case of its name. */
export function valuesOf(fields: readonly HttpField[], name: string): string[] {
  const wanted = name.toLowerCase();
  return fields.flatMap((field) => (field.name.toLowerCase() === wanted ? [field.value] : []));
}

/** The only value of a field, or all of them joined by commas; undefined where there is none. */
export function joinedValue(fields: readonly HttpField[], name: string): string | undefined {
  const values = valuesOf(fields, name);
  return values.length === 0 ? undefined : values.join(', ');
}

/** The members of a field that is a list, in lower case. */
export function listOf(fields: readonly HttpField[], name: string): string[] {
  return valuesOf(fields, name).flatMap((value) =>
    value
      .split(',')
      .map((member) => member.trim().toLowerCase())
      .filter((member) => member !== ''),
  );
}

/** A broken reading. */
export function broken(rule: string, text: string): { readonly ok: false; readonly fault: Fault } {
  return { ok: false, fault: { rule, text } };
}

/** The beginning of a text, for a sentence. */
export function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

function unknownVersion(version: string): ReturnType<typeof broken> {
  const later = version === '2.0' ? ': HTTP/2 is not there yet' : ', which nobody speaks here';
  return broken('version', `HTTP/${version}${later}`);
}

function isKnown(version: string): boolean {
  return version === '1.1' || version === '1.0';
}

/** The lines of a section, without the empty ones around it. */
function linesOf(bytes: Uint8Array): string[] {
  const text = latin1(bytes);
  const from = text.search(/[^\r\n]/);
  return from < 0
    ? []
    : text
        .slice(from)
        .replace(/(?:\r\n){1,2}$/, '')
        .split('\r\n');
}

function readFields(lines: readonly string[]): Read<readonly HttpField[]> {
  if (lines.length > MOST_FIELDS) return broken('too-many-fields', `${lines.length} fields, more than ${MOST_FIELDS}`);
  const fields: HttpField[] = [];
  for (const line of lines) {
    if (/^[ \t]/.test(line)) return broken('folded-line', `a line that goes on from the one before: ${shown(line)}`);
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    if (colon < 0) return broken('no-colon', `a field without a colon: ${shown(line)}`);
    if (/[ \t]$/.test(name)) return broken('space-before-colon', `whitespace between the name of a field and its colon: ${shown(line)}`);
    if (!TOKEN.test(name)) return broken('field-name', `a field whose name is none: ${shown(line)}`);
    const value = line
      .slice(colon + 1)
      .replace(/^[ \t]+/, '')
      .trimEnd();
    if (!VALUE.test(value)) return broken('field-value', `a control character in the value of ${name}`);
    fields.push({ name, value });
  }
  return { ok: true, value: fields };
}
