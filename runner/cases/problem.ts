import type { Place } from './case.ts';

/** Something wrong in a file of the corpus: where, what, and what to do about it. */
export interface Problem extends Place {
  /** How many characters the caret line marks. */
  readonly length: number;
  /** What is wrong. */
  readonly message: string;
  /** What to do, where that can be said. */
  readonly hint: string | undefined;
}

/** Problems of one file that are told; what is wrong in one place is often wrong in all that are alike. */
export const MOST_PROBLEMS = 100;

/** Characters of a line that are shown: as many before the problem, and about twice as many from it on. */
const BEFORE = 60;
const SHOWN = 180;

/** More problems than are told were found in a file, which was then not read to its end. */
export class TooManyProblems extends Error {
  override readonly name = 'TooManyProblems';
  /** Those that are told. */
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(`more than ${MOST_PROBLEMS} problems`);
    this.problems = problems;
  }
}

/** What `judge` gives, or as many problems as are told of a file where it found more. */
export function untilTooMany<T>(judge: () => T): T | { readonly ok: false; readonly problems: readonly Problem[] } {
  try {
    return judge();
  } catch (error) {
    if (error instanceof TooManyProblems) return { ok: false, problems: error.problems };
    throw error;
  }
}

/** Likewise for a reader that throws what is wrong. */
export function untilTooManyThrown<T>(judge: () => T): T {
  try {
    return judge();
  } catch (error) {
    throw error instanceof TooManyProblems ? new CorpusError(error.problems) : error;
  }
}

/** A problem as people read it: `file:line:column: message`, the line with a caret below, the hint. Of a long line a part is shown. */
export function formatProblem(problem: Problem): string {
  const number = String(problem.line);
  const gutter = ' '.repeat(number.length);
  const { before, line, after, start } = windowOf(problem);
  // Tabs are kept so that the caret stands below what it means, however wide the reader's tabs are.
  const pad = before + line.slice(0, start).replace(/[^\t]/g, ' ');
  const carets = '^'.repeat(Math.max(1, Math.min(problem.length, line.length - start)));
  const lines = [
    `${problem.file}:${problem.line}:${problem.column}: ${problem.message}`,
    `  ${number} | ${before === '' ? '' : '…'}${line}${after}`,
    `  ${gutter} | ${pad}${carets}`,
  ];
  if (problem.hint !== undefined) lines.push(`  ${problem.hint}`);
  return lines.join('\n');
}

/** The part of a problem's line that is shown, and where in it the problem begins. `before` is a blank where something was left out. */
function windowOf({ text, column }: Problem): {
  readonly before: string;
  readonly line: string;
  readonly after: string;
  readonly start: number;
} {
  const at = Math.max(0, column - 1);
  const from = text.length > SHOWN ? Math.max(0, at - BEFORE) : 0;
  const line = text.slice(from, from + SHOWN);
  return { before: from > 0 ? ' ' : '', line, after: from + SHOWN < text.length ? '…' : '', start: at - from };
}

/** The problems as one text. Of very many the first are told. */
function formatAll(problems: readonly Problem[]): string {
  const told = problems.slice(0, MOST_PROBLEMS).map(formatProblem);
  if (problems.length >= MOST_PROBLEMS) told.push(`There may be more: these are the first ${MOST_PROBLEMS} problems.`);
  return told.join('\n\n');
}

/** The corpus, or a part of it, is wrong. The message shows the problems. */
export class CorpusError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(formatAll(problems));
    this.name = 'CorpusError';
    this.problems = problems;
  }
}
