import { isUtf8 } from 'node:buffer';
import { DECIMAL, INTEGER_PLACES, type OddForm, type OddFormKind, pointer } from './odd-form.ts';

const BYTE_ORDER_MARK = 0xfeff;
const fromUtf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** A map or list that is being read. */
interface Level {
  readonly keys: Set<string> | undefined;
  /** Whether a map's next text is a key. */
  awaitsKey: boolean;
}

/** Numbers, true, false and null. */
const WORD = /[^\s,\]}]+/y;

/** The odd forms of a JSON message that is known to be decodable, in order (RIVER-CODEC-03, -05). */
export function oddFormsOfJson(data: Uint8Array): readonly OddForm[] {
  const odd: OddForm[] = [];
  const levels: Level[] = [];
  const steps: (string | number)[] = [];
  const report = (what: OddFormKind, shown: string): void => void odd.push({ what, at: pointer(steps), shown });
  if (!isUtf8(data)) report('text', 'bytes that are not UTF-8');
  const text = fromUtf8.decode(data);
  for (let at = 0; at < text.length; ) {
    const level = levels.at(-1);
    const first = text[at];
    switch (first) {
      case '{':
      case '[':
        if (tagOf(level, steps) !== undefined) report(tagOf(level, steps) === '$t' ? 'bytes' : 'big-integer', 'no text');
        levels.push({ keys: first === '{' ? new Set() : undefined, awaitsKey: first === '{' });
        steps.push(0);
        at += 1;
        break;
      case '}':
      case ']':
        levels.pop();
        steps.pop();
        if (level?.keys !== undefined && level.keys.size > 1) {
          const tag = ['$t', '$b'].find((key) => level.keys?.has(key));
          if (tag !== undefined) report('tag', JSON.stringify(tag));
        }
        at += 1;
        break;
      case ',':
        if (level?.keys === undefined) steps.push(Number(steps.pop()) + 1);
        else level.awaitsKey = true;
        at += 1;
        break;
      case '"': {
        const end = endOfText(text, at);
        if (level?.keys !== undefined && level.awaitsKey) {
          const key: string = JSON.parse(text.slice(at, end));
          level.awaitsKey = false;
          steps[steps.length - 1] = key;
          if (level.keys.has(key)) report('repeated-key', JSON.stringify(key));
          level.keys.add(key);
        } else {
          const what = oddText(text, at, end, tagOf(level, steps));
          if (what !== undefined) report(what, text.slice(at, end));
        }
        at = end;
        break;
      }
      default:
        if (first === ':' || first === ' ' || first === '\n' || first === '\r' || first === '\t') {
          at += 1;
        } else if (text.charCodeAt(at) === BYTE_ORDER_MARK) {
          report('byte-order-mark', 'a byte order mark');
          at += 1;
        } else {
          WORD.lastIndex = at;
          const word = WORD.exec(text)?.[0] ?? text.slice(at);
          const what = oddWord(word, steps, tagOf(level, steps));
          if (what !== undefined) report(what, word);
          at += word.length;
        }
    }
  }
  return odd;
}

/** The tag whose content stands here. */
function tagOf(level: Level | undefined, steps: readonly (string | number)[]): '$t' | '$b' | undefined {
  const key = level?.keys === undefined ? undefined : steps.at(-1);
  return key === '$t' || key === '$b' ? key : undefined;
}

/** Where the text ends that begins at `at`, its quotes included. */
function endOfText(text: string, at: number): number {
  for (let quote = text.indexOf('"', at + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text[quote - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return quote + 1;
  }
  return text.length;
}

function oddText(text: string, at: number, end: number, tag: '$t' | '$b' | undefined): OddFormKind | undefined {
  if (tag === undefined) return undefined;
  const content: string = JSON.parse(text.slice(at, end));
  if (tag === '$b') return DECIMAL.test(content) ? undefined : 'big-integer';
  return Buffer.from(content, 'base64').toString('base64') === content ? undefined : 'bytes';
}

function oddWord(word: string, steps: readonly (string | number)[], tag: '$t' | '$b' | undefined): OddFormKind | undefined {
  if (tag !== undefined) return tag === '$t' ? 'bytes' : 'big-integer';
  const isNumber = /^[-\d]/.test(word);
  if (!isNumber) return undefined;
  const value = Number(word);
  if (!Number.isFinite(value)) return 'integer';
  if (/[.eE]/.test(word)) return INTEGER_PLACES.has(pointer(steps)) ? 'float' : undefined;
  const asRead = Number.isSafeInteger(value) || String(value) === word || BigInt(value) === BigInt(word);
  return asRead ? undefined : 'integer';
}
