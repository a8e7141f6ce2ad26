import { type Limits, type Surveyed, tooDeep, tooMany } from './limits.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;

const SAYING = /["[\]{},]/g;

/** Characters after which what ends them is looked for by the engine, which is slower to begin and much faster to go on. */
const FEW = 32;

/** Looks at a JSON text without decoding it, once, in time linear in its length. What is no JSON may pass. */
export function surveyJson(text: string, limits: Limits): Surveyed {
  let depth = 0;
  let values = 1;
  /** Characters that say nothing, since one that does was last looked for. */
  let idle = 0;
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = endOfText(text, at);
        break;
      case COMMA:
        values += 1;
        if (values > limits.values) return tooMany(limits);
        break;
      case 0x5b: // [
      case 0x7b: // {
        depth += 1;
        values += 1;
        if (depth > limits.depth) return tooDeep(limits);
        if (values > limits.values) return tooMany(limits);
        break;
      case 0x5d: // ]
      case 0x7d: // }
        depth -= 1;
        break;
      default:
        idle += 1;
        if (idle < FEW) break;
        idle = 0;
        at = nextThatSays(text, at) - 1;
    }
  }
  return { ok: true, values };
}

/** Where the next character is from which something is learned; the end of the text where there is none. */
function nextThatSays(text: string, from: number): number {
  SAYING.lastIndex = from;
  return SAYING.test(text) ? SAYING.lastIndex - 1 : text.length;
}

/** Where the text that begins at `start` ends; the last character where it does not. */
function endOfText(text: string, start: number): number {
  let at = start + 1;
  for (let i = 0; i < FEW; i += 1, at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at;
    if (code === BACKSLASH) at += 1;
  }
  if (at >= text.length) return text.length - 1;
  for (;;) {
    const end = text.indexOf('"', at);
    if (end < 0) return text.length - 1;
    let backslashes = 0;
    while (end - backslashes - 1 >= at && text.charCodeAt(end - backslashes - 1) === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return end;
    at = end + 1;
  }
}
