import { named } from '../../runner/results/named.ts';
import type { Checkpoint, Finding } from '../../runner/results/result.ts';
import type { Sources } from '../page.ts';

/** A line of a case file. */
export interface CaseLine {
  /** From 1. */
  readonly number: number;
  readonly text: string;
  /** Steps that begin here, by index; several where they are repeated. */
  readonly steps: readonly number[];
  /** What became of them; undefined where none is judged here. */
  readonly outcome: 'held' | 'broken' | 'not-reached' | undefined;
  /** Whether it belongs to the step that failed. */
  readonly failed: boolean;
}

/** The lines of a case file, the failed step marked. Undefined where the report does not hold the file. */
export function caseLines(
  sources: Sources,
  id: string,
  checkpoints: readonly Checkpoint[],
  findings: readonly Finding[],
): { readonly file: string; readonly lines: readonly CaseLine[] } | undefined {
  const found = named(sources.cases, id);
  const text = named(sources.files, found?.file);
  if (found === undefined || text === undefined) return undefined;
  const lines = text.replace(/\n$/, '').split('\n');
  const outcomes = new Map(checkpoints.map(({ id: checkpoint, outcome }) => [checkpoint, outcome]));
  const begins = new Map<number, number[]>();
  for (const [index, { line }] of found.steps.entries()) begins.set(line, [...(begins.get(line) ?? []), index]);
  const failed = new Set<number>();
  for (const { step } of findings) {
    const place = step === undefined ? undefined : found.steps[step];
    if (place !== undefined) for (const line of linesOfStep(lines, place.line, place.column)) failed.add(line);
  }
  return {
    file: found.file,
    lines: lines.map((line, i) => {
      const steps = begins.get(i + 1) ?? [];
      return {
        number: i + 1,
        text: line,
        steps,
        outcome: worst(steps.map((step) => outcomes.get(`step:${step}`))),
        failed: failed.has(i + 1),
      };
    }),
  };
}

function linesOfStep(lines: readonly string[], first: number, column: number): number[] {
  const own = [first];
  for (let number = first + 1; number <= lines.length; number += 1) {
    const line = lines[number - 1] ?? '';
    if (line.trim() !== '' && line.length - line.trimStart().length < column - 1) break;
    own.push(number);
  }
  while (own.length > 1 && (lines[(own.at(-1) ?? 1) - 1] ?? '').trim() === '') own.pop();
  return own;
}

function worst(outcomes: readonly (Checkpoint['outcome'] | undefined)[]): CaseLine['outcome'] {
  if (outcomes.includes('broken')) return 'broken';
  if (outcomes.includes('held') || outcomes.includes('waived')) return 'held';
  return outcomes.includes('not-reached') ? 'not-reached' : undefined;
}

/** The first line of each step of a case, as it is written. */
export function stepTexts(sources: Sources, id: string): readonly string[] {
  const found = named(sources.cases, id);
  const lines = named(sources.files, found?.file)?.split('\n') ?? [];
  return (found?.steps ?? []).map(({ line, column }) => (lines[line - 1] ?? '').slice(column - 1).trim());
}
