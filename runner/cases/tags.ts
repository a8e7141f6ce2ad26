import { expressionProblem } from '../../protocols/common/expression.ts';
import { isPlainObject, tagProblem } from '../../protocols/common/value.ts';
import type { Problem } from './problem.ts';
import type { Path, Source } from './source.ts';

/** Finds the malformed tags (`{ $bytes: '***' }`), and texts to `$match` that are no regular expressions, anywhere in a value that stands at `path`. */
export function malformedTags(source: Source, path: Path, value: unknown): Problem[] {
  if (Array.isArray(value)) return value.flatMap((item, i) => malformedTags(source, [...path, i], item));
  if (!isPlainObject(value)) return [];
  const keys = Object.keys(value);
  const [tag] = keys;
  if (keys.length === 1 && tag !== undefined) {
    const wrong = tagProblem(tag, value[tag]) ?? (tag === '$match' ? matchProblem(value[tag]) : undefined);
    if (wrong !== undefined) return [source.problem([...path, tag], wrong, hintOf(tag, value[tag]))];
  }
  return keys.flatMap((key) => malformedTags(source, [...path, key], value[key]));
}

function matchProblem(content: unknown): string | undefined {
  const problem = expressionProblem(content);
  return problem === undefined ? undefined : `$match takes a regular expression: ${problem}`;
}

function hintOf(tag: string, content: unknown): string | undefined {
  if (tag === '$bigint' && typeof content === 'number') return `put it in quotes: { $bigint: '…' }`;
  if (tag === '$number' && typeof content === 'number') return 'a number that JSON has is written as it is, without a tag';
  return undefined;
}
