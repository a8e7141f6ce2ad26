import type * as z from 'zod';
import { problemsOf } from '../cases/issues.ts';
import { formatProblem, type Problem } from '../cases/problem.ts';
import { readSource } from '../cases/source.ts';
import { malformedTags } from '../cases/tags.ts';

type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * What somebody typed in the words of cases, as its grammar reads it; `what` names it. Throws an Error that says what is wrong with it,
 * and where.
 */
export function readTyped<T>(what: string, text: string, grammar: z.ZodType<T>): T {
  const read = parsed(what, text, grammar);
  if (!read.ok) throw new Error(read.problems.map(formatProblem).join('\n'));
  return read.value;
}

/** Says why a protocol has no frames of a kind, and which kinds it has; undefined where it has some, or may have. */
export function noSuchKind(kind: string, wirePattern: z.ZodType): string | undefined {
  const read = parsed('kind', JSON.stringify({ kind }), wirePattern);
  if (read.ok) return undefined;
  const [problem] = read.problems;
  return [problem?.message, problem?.hint].filter((part) => part !== undefined).join('; ');
}

function parsed<T>(what: string, text: string, grammar: z.ZodType<T>): Read<T> {
  const read = readSource(what, text);
  if (!read.ok) return read;
  const { source } = read;
  const malformed = malformedTags(source, [], source.value);
  if (malformed.length > 0) return { ok: false, problems: malformed };
  const result = grammar.safeParse(source.value);
  if (result.success) return { ok: true, value: result.data };
  return { ok: false, problems: problemsOf(source, [], source.value, result.error, grammar) };
}
