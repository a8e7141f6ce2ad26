import { toTagged } from './value.ts';

/** Characters of a value that are shown. */
const LONGEST = 120;

/** Bytes that are shown as base64; more than fit. */
const FIRST_BYTES = 48;

/** A value in short, for messages: JSON with tags, cut at 120 characters. Of a large value no more is looked at than is shown. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'function' || typeof value === 'symbol') return typeof value;
  const text = append('', value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 3)}…` : text;
}

/** The text with a value behind it as JSON has it; once it is long enough, no more of the value. Each level adds to it, so few are entered. */
function append(text: string, value: unknown): string {
  switch (typeof value) {
    case 'string':
      return text + JSON.stringify(value.length > LONGEST ? value.slice(0, LONGEST + 1) : value);
    case 'bigint':
    case 'number':
      return text + JSON.stringify(toTagged(value));
    case 'object':
      if (value === null) return `${text}null`;
      if (value instanceof Uint8Array) return `${text}{"$bytes":"${Buffer.from(value.subarray(0, FIRST_BYTES)).toString('base64')}"}`;
      if (Array.isArray(value)) return appendList(text, value);
      if ('toJSON' in value && typeof value.toJSON === 'function') return append(text, value.toJSON());
      return appendMap(text, value);
    default:
      return text + (JSON.stringify(value) ?? 'null');
  }
}

function appendList(text: string, list: readonly unknown[]): string {
  let longer = `${text}[`;
  for (let i = 0; i < list.length && longer.length <= LONGEST; i += 1) longer = append(i === 0 ? longer : `${longer},`, list[i]);
  return `${longer}]`;
}

function appendMap(text: string, map: object): string {
  let longer = `${text}{`;
  let first = true;
  // Not all keys at once: of a large map few are wanted.
  for (const key in map) {
    if (longer.length > LONGEST) break;
    const item: unknown = Object.hasOwn(map, key) ? (map as Record<string, unknown>)[key] : undefined;
    if (item === undefined || typeof item === 'function' || typeof item === 'symbol') continue;
    longer = append(`${append(first ? longer : `${longer},`, key)}:`, item);
    first = false;
  }
  return `${longer}}`;
}
