import { createInterface } from 'node:readline/promises';
import { suggestion } from '../../../cases/suggest.ts';
import { UsageError } from '../../exit.ts';

/** Something that has to be known, and what it may be. */
export interface Question {
  /** The option that says it: `--language`. */
  readonly option: string;
  /** What is asked of who sits at a terminal. */
  readonly asks: string;
  /** What may be answered, with a word about each; none: any word. */
  readonly answers: ReadonlyMap<string, string>;
  /** What an empty answer means. */
  readonly otherwise: string;
  /** Why an answer will not do; undefined where it does. */
  readonly objection?: (answer: string) => string | undefined;
}

/** Where questions are asked. */
export interface Terminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
}

/**
 * What was said on the command line, or is answered now. Throws a `UsageError` for what may not be said, and where nothing was and nobody
 * can be asked.
 */
export async function answerTo(question: Question, said: string | undefined, { stdin, stdout }: Terminal): Promise<string> {
  if (said !== undefined) {
    const why = objectionTo(question, said);
    if (why !== undefined) throw new UsageError(`${question.option} ${said}: ${why}`);
    return said;
  }
  if (!stdin.isTTY || !stdout.isTTY) {
    const names = [...question.answers.keys()];
    throw new UsageError(`say ${question.option}${names.length === 0 ? '' : `: ${names.join(', ')}`}`);
  }
  for (const [answer, about] of question.answers) stdout.write(`  ${answer.padEnd(12)}${about}\n`);
  const lines = createInterface({ input: stdin, output: stdout });
  try {
    for (;;) {
      const answer = (await lines.question(`${question.asks} [${question.otherwise}] `)).trim() || question.otherwise;
      const why = objectionTo(question, answer);
      if (why === undefined) return answer;
      stdout.write(`${why}\n`);
    }
  } finally {
    lines.close();
  }
}

function objectionTo({ answers, objection }: Question, answer: string): string | undefined {
  if (answers.size > 0 && !answers.has(answer)) return suggestion(answer, [...answers.keys()], 'answers');
  return objection?.(answer);
}
