/** Text of others, made safe for whoever reads it. What it has of letters stays; what acts on a reader is shown as an escape. */

/**
 * Characters that act instead of being read: controls of both sets, what changes direction or is invisible, separators of lines,
 * halves of characters, and what Unicode will never have.
 */
const ACTING = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029\p{Noncharacter_Code_Point}]/gu;

/** Several lines of text: breaks of lines and tabs stay. */
export function plain(text: string): string {
  return text.replaceAll(ACTING, (character) => (character === '\n' || character === '\t' ? character : escaped(character)));
}

/** Text that must stay on its line, so that it cannot pass for another line. */
export function oneLine(text: string): string {
  return text.replaceAll(ACTING, escaped);
}

/** A value as JSON that is safe to be shown as it is, and reads back as the same value. */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replaceAll(ACTING, (character) =>
    character === '\n' ? character : Array.from({ length: character.length }, (_, i) => unit(character.charCodeAt(i))).join(''),
  );
}

/** What a terminal can and may be asked for. */
export interface TerminalAbilities {
  readonly colours: boolean;
  /** Lines can be drawn again. */
  readonly interactive: boolean;
}

/** How a line that is drawn again begins. */
export const REDRAW = '\r\u001b[2K';

/** What may reach a terminal of one text that a program writes: its own colours, and a line drawn again, but nothing else that acts. */
export function forTerminal(text: string, { colours, interactive }: TerminalAbilities): string {
  const own = interactive && text.startsWith(REDRAW) ? REDRAW : '';
  const rest = text.slice(own.length);
  return own + rest.replaceAll(COLOUR_OR_ACTING, (found) => (found.length > 2 && colours ? found : plain(found)));
}

const COLOUR_OR_ACTING = new RegExp(`\\u001b\\[[\\d;]*m|${ACTING.source}`, 'gu');

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (character === '\n') return '\\n';
  if (character === '\t') return '\\t';
  return code > 0xffff ? `\\u{${code.toString(16)}}` : unit(code);
}

function unit(code: number): string {
  return `\\u${code.toString(16).padStart(4, '0')}`;
}
