import { formatProblem } from '../cases/problem.ts';
import { readSource } from '../cases/source.ts';
import { malformedTags } from '../cases/tags.ts';

/** What somebody typed in the words of cases, as it was written; `what` names it. Throws an Error that says what is wrong with it. */
export function readTyped(what: string, text: string): unknown {
  const read = readSource(what, text);
  if (!read.ok) throw new Error(read.problems.map(formatProblem).join('\n'));
  const { value } = read.source;
  const malformed = malformedTags(read.source, [], value);
  if (malformed.length > 0) throw new Error(malformed.map(formatProblem).join('\n'));
  return value;
}
