import { type Field, fieldText, MOST_FIELDS } from './field.ts';
import { latin1 } from './latin1.ts';

/** A map or list that is being read. */
interface Level {
  readonly index: number;
  readonly isMap: boolean;
  /** Key or index of the item that is read. */
  item: string | number;
  /** First byte of the item, its key included. */
  from: number;
  awaitsKey: boolean;
}

type Writable = { -readonly [K in keyof Field]: Field[K] };

const SPACE = /[\s:]*/y;
const TEXT = /"(?:[^"\\]|\\.)*"?/sy;
const WORD = /[^\s,\]}:"[{]+/y;

/**
 * The fields of a JSON text, outer ones first, as far as it can be read and at most `MOST_FIELDS`: of broken texts too. Never
 * throws.
 */
export function fieldsOfJson(data: Uint8Array): Field[] {
  // A character a byte, so that places in the text are places in the bytes. What JSON is made of is ASCII.
  const text = latin1(data);
  const fields: Writable[] = [];
  const levels: Level[] = [];
  const pathOf = (): (string | number)[] => levels.map(({ item }) => item);
  const begin = (at: number): Writable => {
    const field: Writable = { path: pathOf(), at: [levels.at(-1)?.from ?? at, text.length] };
    fields.push(field);
    return field;
  };
  const end = (field: Writable | undefined, at: number): void => {
    if (field !== undefined) field.at = [field.at[0], at];
  };
  let at = data[0] === 0xef && data[1] === 0xbb && data[2] === 0xbf ? 3 : 0;
  while (at < text.length && fields.length < MOST_FIELDS) {
    SPACE.lastIndex = at;
    SPACE.test(text);
    at = SPACE.lastIndex;
    const level = levels.at(-1);
    const first = text[at];
    if (first === undefined) break;
    if (level !== undefined && !level.awaitsKey && !level.isMap && first !== ']' && first !== ',') level.from = at;
    switch (first) {
      case '{':
      case '[':
        begin(at);
        levels.push({ index: fields.length - 1, isMap: first === '{', item: 0, from: at + 1, awaitsKey: first === '{' });
        at += 1;
        break;
      case '}':
      case ']':
        levels.pop();
        at += 1;
        end(level === undefined ? undefined : fields[level.index], at);
        break;
      case ',':
        if (level !== undefined && !level.isMap) level.item = Number(level.item) + 1;
        if (level !== undefined) level.awaitsKey = level.isMap;
        at += 1;
        break;
      case '"': {
        TEXT.lastIndex = at;
        TEXT.test(text);
        const to = TEXT.lastIndex;
        if (level?.awaitsKey === true) {
          level.item = readText(data, at, to);
          level.from = at;
          level.awaitsKey = false;
        } else {
          const field = begin(at);
          field.text = fieldText(JSON.stringify(readText(data, at, to)));
          end(field, to);
        }
        at = to;
        break;
      }
      default: {
        WORD.lastIndex = at;
        const word = WORD.exec(text)?.[0] ?? first;
        const field = begin(at);
        field.text = fieldText(word);
        at += word.length;
        end(field, at);
      }
    }
  }
  return fields;
}

/** A text of JSON, or its raw form where it is none. */
function readText(data: Uint8Array, from: number, to: number): string {
  const raw = Buffer.from(data.buffer, data.byteOffset + from, to - from).toString();
  try {
    return String(JSON.parse(raw));
  } catch {
    return raw;
  }
}
