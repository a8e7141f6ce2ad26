import { oneLine, plain } from '../protocols/common/plain.ts';
import { isPlainObject } from '../protocols/common/value.ts';
import type { CaseRun } from '../runner/results/result.ts';

/** Members of a case-run that may have several lines; of others a break would look like a line of the report. */
const LINES: ReadonlySet<string> = new Set(['message', 'stderr']);

/** A case-run whose texts are safe to be shown, whoever wrote them: no control acts, and each stays on its line. */
export function readable(run: CaseRun): CaseRun {
  // Of the same shape: texts become texts.
  return texts(run, false) as CaseRun;
}

function texts(value: unknown, lines: boolean): unknown {
  if (typeof value === 'string') return lines ? plain(value) : oneLine(value);
  if (Array.isArray(value)) return value.map((item) => texts(item, lines));
  return isPlainObject(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, texts(item, LINES.has(key))])) : value;
}
