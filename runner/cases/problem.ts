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

/** A problem as people read it: `file:line:column: message`, the line with a caret below, the hint. */
export function formatProblem(problem: Problem): string {
  const number = String(problem.line);
  const gutter = ' '.repeat(number.length);
  const start = Math.max(0, problem.column - 1);
  // Tabs are kept so that the caret stands below what it means, however wide the reader's tabs are.
  const pad = problem.text.slice(0, start).replace(/[^\t]/g, ' ');
  const carets = '^'.repeat(Math.max(1, Math.min(problem.length, problem.text.length - start)));
  const lines = [
    `${problem.file}:${problem.line}:${problem.column}: ${problem.message}`,
    `  ${number} | ${problem.text}`,
    `  ${gutter} | ${pad}${carets}`,
  ];
  if (problem.hint !== undefined) lines.push(`  ${problem.hint}`);
  return lines.join('\n');
}

/** The corpus, or a part of it, is wrong. The message shows every problem. */
export class CorpusError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(formatProblem).join('\n\n'));
    this.name = 'CorpusError';
    this.problems = problems;
  }
}
