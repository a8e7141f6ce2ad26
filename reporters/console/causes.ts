import type { CaseRun, Finding } from '../../runner/results/result.ts';

/** Case-runs that fail for the same reason, by the fingerprint of their first finding. */
export interface Cause {
  readonly fingerprint: string;
  readonly first: CaseRun;
  readonly finding: Finding | undefined;
  readonly runs: readonly CaseRun[];
}

/** Groups runs by the fingerprint of their decisive finding, the largest group first. */
export function causesOf(runs: readonly CaseRun[]): Cause[] {
  const causes = new Map<string, { first: CaseRun; finding: Finding | undefined; runs: CaseRun[] }>();
  for (const run of runs) {
    const finding = run.findings[0];
    const fingerprint = finding?.fingerprint ?? run.expected;
    const cause = causes.get(fingerprint);
    if (cause === undefined) causes.set(fingerprint, { first: run, finding, runs: [run] });
    else cause.runs.push(run);
  }
  return [...causes].map(([fingerprint, cause]) => ({ fingerprint, ...cause })).sort((a, b) => b.runs.length - a.runs.length);
}
