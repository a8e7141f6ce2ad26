import { named } from '../runner/results/named.ts';
import type { CaseRun, Finding, Results } from '../runner/results/result.ts';

/** A place in a case file; lines and columns from 1. */
export interface Place {
  /** Below Weir's folder where the case is one of the corpus; else as the run tells it. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Where a case says what was expected: the step that failed, else what the story points at; undefined where no file is known. */
export function placeOf(run: CaseRun, finding: Finding | undefined, { glossary }: Pick<Results, 'glossary'>): Place | undefined {
  const words = named(glossary?.cases, run.case);
  const file = words?.file ?? run.story?.file;
  if (file === undefined) return undefined;
  const step = finding?.step === undefined ? undefined : words?.steps[finding.step];
  const { line, column } = step ?? run.story ?? { line: 1, column: 1 };
  return { file, line: Math.max(1, line), column: Math.max(1, column) };
}
