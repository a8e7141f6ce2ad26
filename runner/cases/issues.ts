import * as z from 'zod';
import type { Problem } from './problem.ts';
import { keysAt, schemasAt } from './schema-walk.ts';
import type { Path, Source } from './source.ts';
import { suggestion } from './suggest.ts';

type Issue = z.core.$ZodIssue;

/**
 * Turns what a schema found wrong into problems of the file. `base` is where the value that was parsed stands; `value` is
 * that value.
 */
export function problemsOf(source: Source, base: Path, value: unknown, error: z.ZodError, schema: z.core.$ZodType): Problem[] {
  return error.issues.flatMap((issue) => problemsOfIssue(source, base, value, issue, schema));
}

function problemsOfIssue(source: Source, base: Path, value: unknown, issue: Issue, schema: z.core.$ZodType): Problem[] {
  const path: Path = [...base, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))];
  const given = valueAt(value, issue.path);
  if (path.length === 0 && issue.code === 'invalid_type') return [wholeFile(source, given, issue.expected, schema)];
  const named = path.findLast((part) => typeof part === 'string');
  const name = named === undefined ? 'this' : `\`${named}\``;
  switch (issue.code) {
    case 'unrecognized_keys': {
      // What another alternative has, or what is there already, is no help.
      const taken = typeof given === 'object' && given !== null ? Object.keys(given) : [];
      const free = keysAt(schema, issue.path, value).filter((key) => !taken.includes(key));
      return issue.keys.map((key) =>
        source.problem([...path, key], `unknown key \`${key}\``, free.length === 0 ? undefined : suggestion(key, free, 'keys'), 'key'),
      );
    }
    case 'invalid_union':
      return unionProblems(source, path, given, issue, name, schemasAt(schema, issue.path, value));
    case 'invalid_type':
      if (given === undefined) {
        const hint = issue.expected === 'nonoptional' ? `add ${name}` : `add ${name}, of type ${issue.expected}`;
        return [source.problem(path.slice(0, -1), `missing key ${name}`, hint)];
      }
      return [source.problem(path, `${name} must be of type ${issue.expected}, not ${typeName(given)}`)];
    case 'invalid_value': {
      const values = issue.values.map(String);
      if (given === undefined) return [source.problem(path.slice(0, -1), `missing key ${name}`, `values: ${values.join(', ')}`)];
      return [source.problem(path, `${name} cannot be \`${String(given)}\``, suggestion(String(given), values, 'values'))];
    }
    default:
      return [source.problem(path, `${name}: ${issue.message}`)];
  }
}

/** A file that as a whole is something else than its kind is made of. */
function wholeFile(source: Source, given: unknown, expected: string, schema: z.core.$ZodType): Problem {
  const keys = keysAt(schema, [], {}).slice(0, 8);
  const hint = keys.length === 0 ? undefined : `it has keys, such as ${keys.map((key) => `\`${key}\``).join(', ')}`;
  if (given === undefined || given === null) return source.problem([], 'the file is empty', hint);
  const wanted = expected === 'object' ? 'a map of keys' : expected === 'array' ? 'a list' : `of type ${expected}`;
  return source.problem([], `the file must be ${wanted}, not ${typeName(given)}`, hint);
}

/** Speaks for the alternative that the writer most likely meant: one whose own type fits, with the fewest complaints. */
function unionProblems(
  source: Source,
  path: Path,
  given: unknown,
  issue: Extract<Issue, { code: 'invalid_union' }>,
  name: string,
  schemas: readonly z.core.$ZodType[],
): Problem[] {
  if (given === undefined) return [source.problem(path.slice(0, -1), `missing key ${name}`)];
  const fitting = issue.errors.filter((issues) => !issues.some((inner) => inner.path.length === 0 && refusesWhole(inner)));
  const best = fitting.sort((a, b) => a.length - b.length)[0];
  if (best !== undefined) return best.flatMap((inner) => problemsOfIssue(source, path, given, inner, z.union(schemas)));
  const words = issue.errors.flatMap((issues) =>
    issues.flatMap((inner) => (inner.code === 'invalid_value' ? inner.values.map(String) : [])),
  );
  for (const schema of schemas) if (schema instanceof z.ZodLiteral) words.push(...[...schema.values].map(String));
  const types = issue.errors.flatMap((issues) => issues.flatMap((inner) => (inner.code === 'invalid_type' ? [inner.expected] : [])));
  if (typeof given === 'string' && words.length > 0) {
    return [source.problem(path, `${name} cannot be \`${given}\``, suggestion(given, words, 'values'))];
  }
  const hint = [...new Set([...words.map((word) => `\`${word}\``), ...types])].join(', ');
  return [source.problem(path, `${name} cannot be ${typeName(given)}`, hint === '' ? undefined : `it takes: ${hint}`)];
}

function refusesWhole(issue: Issue): boolean {
  return (
    issue.code === 'invalid_type' || issue.code === 'invalid_value' || issue.code === 'invalid_format' || issue.code === 'invalid_union'
  );
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at: unknown = value;
  for (const part of path) at = typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[part] : undefined;
  return at;
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a map' : `a ${typeof value}`;
}
