import type * as z from 'zod';
import type { CallKeys } from '../../protocols/common/call-kind.ts';
import { isPlainObject } from '../../protocols/common/value.ts';
import type { Check, Expectation } from './case.ts';
import { type ExpectationArguments, expectationSchema } from './grammar.ts';
import { problemsOf } from './issues.ts';
import { callNames, callProblems } from './names.ts';
import type { Problem } from './problem.ts';
import type { Path, Source } from './source.ts';
import { fillIn, flow, MOST_MADE_TEXT, type PlacedStep } from './steps.ts';
import { malformedTags } from './tags.ts';

/** A line of `expect` with where it stands. */
export interface PlacedExpectation extends Expectation {
  readonly path: Path;
}

/** Reads `expect` of one case, given its steps. */
export type ReadExpectations = (
  source: Source,
  steps: readonly PlacedStep[],
) => { readonly lines: readonly PlacedExpectation[]; readonly problems: readonly Problem[] };

/** Prepares the reading of `expect` for a protocol's wire patterns. */
export function expectationReader(wirePattern: z.ZodType, callKeys: CallKeys): ReadExpectations {
  const schema = expectationSchema(wirePattern);
  return (source, steps) => {
    const lines: PlacedExpectation[] = [];
    const problems: Problem[] = [];
    const calls = callNames(steps, callKeys);
    const written = isPlainObject(source.value) && Array.isArray(source.value['expect']) ? source.value['expect'] : [];
    const text = { left: MOST_MADE_TEXT };
    written.forEach((raw: unknown, index) => {
      const path: Path = ['expect', index];
      const filled = fillIn(raw, {}, text);
      if (text.left < 0) {
        problems.push(source.problem(path, `\`$repeat\` and \`$join\` make at most ${MOST_MADE_TEXT} characters in a case`));
        return;
      }
      const outcome = schema.safeParse(filled);
      if (!outcome.success) {
        problems.push(...problemsOf(source, path, filled, outcome.error, schema));
        return;
      }
      problems.push(...malformedTags(source, path, raw));
      const check = checkOf(outcome.data);
      if (check === undefined) {
        problems.push(
          source.problem(path, 'an expectation has exactly one of `wire`, `order` and `connections`', 'make it a line for each'),
        );
        return;
      }
      if (check.kind !== 'wire' && outcome.data.times !== undefined) {
        problems.push(source.problem([...path, 'times'], '`times` goes with `wire` only', undefined, 'key'));
      }
      if (check.kind === 'wire') problems.push(...callProblems(source, [...path, 'wire'], check.wire, calls, callKeys));
      if (check.kind === 'order') {
        problems.push(...check.order.flatMap((pattern, i) => callProblems(source, [...path, 'order', i], pattern, calls, callKeys)));
      }
      const range = check.kind === 'wire' ? check.times : check.kind === 'connections' ? check.connections : undefined;
      if (typeof range === 'object' && (range.min ?? 0) > (range.max ?? Number.POSITIVE_INFINITY)) {
        problems.push(source.problem(path, '`min` is greater than `max`'));
      }
      lines.push({
        index,
        get line() {
          return source.place(path).line;
        },
        get column() {
          return source.place(path).column;
        },
        requirement: outcome.data.requirement,
        get text() {
          return flow(raw);
        },
        check,
        path,
      });
    });
    return { lines, problems };
  };
}

function checkOf(line: ExpectationArguments): Check | undefined {
  const present = [line.wire, line.order, line.connections].filter((part) => part !== undefined);
  if (present.length !== 1) return undefined;
  if (line.order !== undefined) return { kind: 'order', order: line.order };
  if (line.connections !== undefined) return { kind: 'connections', connections: line.connections };
  return { kind: 'wire', wire: line.wire, times: line.times ?? { min: 1 } };
}
