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
  /** Other words for answers: `js` for `typescript`. */
  readonly also?: ReadonlyMap<string, string>;
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

/** Throws a `UsageError` that names all that was not said, where nobody can be asked. */
export function mustBeSaid(
  questions: readonly (readonly [question: Question, said: string | undefined])[],
  { stdin, stdout }: Terminal,
): void {
  if (stdin.isTTY && stdout.isTTY) return;
  const unsaid = questions.flatMap(([question, said]) => (said === undefined ? [question] : []));
  if (unsaid.length === 0) return;
  const lines = unsaid.map(({ option, answers }) => `say ${option}${answers.size === 0 ? '' : `: ${[...answers.keys()].join(', ')}`}`);
  throw new UsageError([...lines, 'on a terminal it is asked for; this is none'].join('\n'));
}

/** What was said on the command line, or is answered now. Throws a `UsageError` for what may not be said. */
export async function answerTo(question: Question, said: string | undefined, { stdin, stdout }: Terminal): Promise<string> {
  if (said !== undefined) {
    const meant = meantBy(question, said);
    const why = objectionTo(question, meant);
    if (why !== undefined) throw new UsageError(`${question.option} ${said}: ${why}`);
    return meant;
  }
  for (const [answer, about] of question.answers) stdout.write(`  ${answer.padEnd(12)}${about}\n`);
  const lines = createInterface({ input: stdin, output: stdout });
  try {
    for (;;) {
      const answer = meantBy(question, (await lines.question(`${question.asks} [${question.otherwise}] `)).trim() || question.otherwise);
      const why = objectionTo(question, answer);
      if (why === undefined) return answer;
      stdout.write(`${why}\n`);
    }
  } finally {
    lines.close();
  }
}

/** The answer that a word stands for, in whatever case it is written; the word itself where it stands for none. */
function meantBy({ answers, also }: Question, word: string): string {
  const lower = word.toLowerCase();
  return answers.has(lower) ? lower : (also?.get(lower) ?? word);
}

function objectionTo({ answers, objection }: Question, answer: string): string | undefined {
  if (answers.size > 0 && !answers.has(answer)) return suggestion(answer, [...answers.keys()], 'answers');
  return objection?.(answer);
}
