import * as z from 'zod';
import { problemsOf } from '../cases/issues.ts';
import { CorpusError } from '../cases/problem.ts';
import { readSource } from '../cases/source.ts';
import { globProblem } from '../globs/glob.ts';

const patterns = z.array(z.string()).min(1);

const choice = z.strictObject({
  cases: patterns.describe('Which cases rows are run with, as weir run takes them.'),
  rows: z.array(z.string()).describe('Which rows there are beside the reference pair: a name is all its versions, or name@version.'),
  pairs: z
    .strictObject({
      cases: patterns.describe('Which cases pairs are run with.'),
      rows: z.array(z.string()).min(2).describe('Rows that are each client of each that is a server: name@version.'),
    })
    .optional()
    .describe('Implementations with one another, without a reference peer.'),
});

const choices = z.record(z.string(), choice);

/** Which cases and rows the matrix of a protocol has. */
export type Choice = z.infer<typeof choice>;

/** Reads which matrices are made, by protocol. Throws a `CorpusError` that says file, line and column. */
export function parseChoices(file: string, text: string): Readonly<Record<string, Choice>> {
  const read = readSource(file, text);
  if (!read.ok) throw new CorpusError(read.problems);
  const parsed = choices.safeParse(read.source.value);
  if (!parsed.success) throw new CorpusError(problemsOf(read.source, [], read.source.value, parsed.error, choices));
  const wrong = Object.entries(parsed.data).flatMap(([protocol, { cases, pairs }]) =>
    [
      { at: [protocol, 'cases'], all: cases },
      { at: [protocol, 'pairs', 'cases'], all: pairs?.cases ?? [] },
    ].flatMap(({ at, all }) =>
      all.flatMap((pattern, i) => {
        const problem = globProblem(pattern);
        return problem === undefined ? [] : [read.source.problem([...at, i], problem)];
      }),
    ),
  );
  if (wrong.length > 0) throw new CorpusError(wrong);
  return parsed.data;
}
