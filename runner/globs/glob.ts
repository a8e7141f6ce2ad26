import { readExpression } from '../../protocols/common/expression.ts';

/** Longest glob, characters; no id is a tenth as long. */
export const LONGEST_GLOB = 1000;

/** Characters that may mean something in a glob. */
const SPECIAL = /[*?[\]{}()\\!]/;

/** A glob that is none, or asks for what globs do not have here. */
export class GlobError extends Error {
  override readonly name = 'GlobError';
}

/**
 * A test for ids. `*` stands for any characters but `/`, `**` for any whole segments, also none; `?` for one character, `[a-f]`
 * and `[!a-f]` for one of (none of) a set, `{a,b}` for alternatives, `+(a|b)`, `*(a|b)`, `?(a|b)` and `@(a|b)` for so many of
 * them; `\` takes the meaning away from what follows, and a leading `!` turns the test round. Takes time linear in the id,
 * whatever the glob says. Throws a `GlobError`.
 */
export function glob(pattern: string): (id: string) => boolean {
  // Most are ids, or all that is below one.
  if (!SPECIAL.test(pattern)) return (id) => id === pattern;
  const above = pattern.endsWith('/**') ? pattern.slice(0, -'/**'.length) : '';
  if (above !== '' && !SPECIAL.test(above)) return (id) => id === above || id.startsWith(`${above}/`);
  if (pattern.length > LONGEST_GLOB) throw new GlobError(`${shown(pattern)}: a glob has at most ${LONGEST_GLOB} characters`);
  if (pattern.startsWith('!') && !pattern.startsWith('!(')) {
    const test = glob(pattern.slice(1));
    return (id) => !test(id);
  }
  const expression = read(pattern);
  return (id) => expression.isWhole(id);
}

/** The segments of a glob that say just one thing, up to the first that may say several; and whether there is such a one. */
export function scanGlob(pattern: string): { readonly base: string; readonly isGlob: boolean } {
  const segments = pattern.split('/');
  const first = segments.findIndex((segment) => SPECIAL.test(segment));
  return { base: segments.slice(0, first < 0 ? undefined : first).join('/'), isGlob: first >= 0 };
}

/** Whether any of the globs fits. Throws a `GlobError`. */
export function anyGlob(patterns: string | readonly string[]): (id: string) => boolean {
  const tests = [patterns].flat().map(glob);
  return (id) => tests.some((test) => test(id));
}

/** What is wrong with a glob; undefined where nothing is. */
export function globProblem(pattern: string): string | undefined {
  try {
    glob(pattern);
    return undefined;
  } catch (error) {
    if (error instanceof GlobError) return error.message;
    throw error;
  }
}

function read(pattern: string) {
  const text = new Reading(pattern).whole();
  try {
    return readExpression(text);
  } catch (error) {
    throw new GlobError(`${shown(pattern)} is no glob: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function shown(pattern: string): string {
  return `\`${pattern.length > 60 ? `${pattern.slice(0, 59)}…` : pattern}\``;
}

/** How often the group behind a character may stand. */
const GROUPS: Readonly<Record<string, string>> = { '+': '+', '*': '*', '?': '?', '@': '' };

/** A glob on its way to a regular expression. */
class Reading {
  readonly #pattern: string;
  #at = 0;
  /** The groups that are being read: where each opens, and what is behind it. */
  readonly #groups: { readonly from: number; readonly behind: number; readonly marks: string }[] = [];

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  whole(): string {
    return this.#sequence('');
  }

  /** Up to the end, or to one of these characters, which is not taken. */
  #sequence(ends: string): string {
    let text = '';
    while (this.#at < this.#pattern.length) {
      const char = this.#pattern[this.#at] ?? '';
      if (ends.includes(char)) break;
      text += this.#one(char);
    }
    return text;
  }

  #one(char: string): string {
    const next = this.#pattern[this.#at + 1];
    if (next === '(' && char === '!') {
      throw new GlobError(
        `${shown(this.#pattern)}: \`!(…)\` cannot be told without backtracking; a glob that begins with ! leaves out what it fits`,
      );
    }
    if (next === '(' && char in GROUPS && this.#closes('(', ')', 1)) return this.#group(2, '|', ')') + GROUPS[char];
    if (char === '{' && this.#hasAlternatives()) return this.#group(1, ',', '}');
    if (char === '[') return this.#set() ?? this.#literal(1);
    if (char === '/' && this.#rest().startsWith('/**') && this.#pattern[this.#at + 3] !== '/' && this.#isBorder(this.#at + 3))
      return this.#take(3, '(?:/.*)?');
    if (char === '*') return this.#stars();
    if (char === '?') return this.#take(1, '[^/]');
    if (char === '\\' && next !== undefined) return this.#literal(2);
    return this.#literal(1);
  }

  #stars(): string {
    const begins = this.#begins(this.#at);
    const stars = /^\*+/.exec(this.#rest())?.[0].length ?? 1;
    if (stars > 1 && begins && this.#pattern[this.#at + stars] === '/') return this.#take(stars + 1, '(?:.*/)?');
    if (stars > 1 && begins && this.#isBorder(this.#at + stars)) return this.#take(stars, '.*');
    return this.#take(stars, '[^/]*');
  }

  /** Whether a segment begins there, or with the group in which it is the beginning of an alternative. */
  #begins(at: number, depth = this.#groups.length): boolean {
    const before = this.#pattern[at - 1];
    const group = this.#groups[depth - 1];
    if (at === 0 || before === '/') return true;
    if (group === undefined || before === undefined || !group.marks.includes(before)) return false;
    return this.#begins(group.from, depth - 1);
  }

  /** Whether a segment ends there, or with the group in which it is the end of an alternative. */
  #isBorder(at: number, depth = this.#groups.length): boolean {
    const next = this.#pattern[at];
    const group = this.#groups[depth - 1];
    if (next === undefined || next === '/') return true;
    if (group === undefined || !group.marks.includes(next)) return false;
    return this.#isBorder(group.behind, depth - 1);
  }

  #group(opening: number, between: string, end: string): string {
    const open = this.#pattern[this.#at + opening - 1] ?? '';
    const close = this.#endOf(open, end, opening - 1) ?? this.#pattern.length;
    this.#groups.push({ from: this.#at, behind: close + 1, marks: open + between + end });
    this.#at += opening;
    const alternatives = [this.#sequence(between + end)];
    while (this.#pattern[this.#at] === between) {
      this.#at += 1;
      alternatives.push(this.#sequence(between + end));
    }
    this.#at += 1;
    this.#groups.pop();
    return `(?:${alternatives.join('|')})`;
  }

  #set(): string | undefined {
    const found = /^\[([!^]?)(\]?[^\]/]*)\]/.exec(this.#rest());
    if (found === null) return undefined;
    const [all, not = '', inside = ''] = found;
    const members = inside.replace(/[\\\]^[&~]/g, '\\$&');
    return this.#take(all.length, not === '' ? `[${members}]` : `[^/${members}]`);
  }

  /** The last of so many characters, as it is. */
  #literal(length: number): string {
    const char = this.#pattern[this.#at + length - 1] ?? '';
    return this.#take(length, char.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  }

  #hasAlternatives(): boolean {
    const end = this.#endOf('{', '}', 0);
    return end !== undefined && this.#pattern.slice(this.#at, end).includes(',');
  }

  #closes(open: string, close: string, from: number): boolean {
    return this.#endOf(open, close, from) !== undefined;
  }

  /** Where what opens so many characters from here closes. */
  #endOf(open: string, close: string, from: number): number | undefined {
    let depth = 0;
    for (let i = this.#at + from; i < this.#pattern.length; i += 1) {
      const char = this.#pattern[i];
      if (char === '\\') i += 1;
      else if (char === open) depth += 1;
      else if (char === close) {
        depth -= 1;
        if (depth === 0) return i;
      }
    }
    return undefined;
  }

  #take(length: number, text: string): string {
    this.#at += length;
    return text;
  }

  #rest(): string {
    return this.#pattern.slice(this.#at);
  }
}
