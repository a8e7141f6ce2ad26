import type { CaseRun, Finding } from '../../runner/results/result.ts';

/** Case-runs that fail for the same reason, by the fingerprint of their first finding. */
export interface Cause {
  readonly fingerprint: string;
  readonly first: CaseRun;
  readonly finding: Finding | undefined;
  readonly runs: readonly CaseRun[];
}

/** Groups runs by the fingerprint of their first finding, warnings apart: failures first, then the largest group. */
export function causesOf(runs: readonly CaseRun[]): Cause[] {
  const causes = new Map<string, { fingerprint: string; first: CaseRun; finding: Finding | undefined; runs: CaseRun[] }>();
  for (const run of runs) {
    const finding = run.findings[0];
    const fingerprint = finding?.fingerprint ?? run.expected;
    const key = `${run.verdict === 'warn' ? 'warn' : 'fail'} ${fingerprint}`;
    const cause = causes.get(key);
    if (cause === undefined) causes.set(key, { fingerprint, first: run, finding, runs: [run] });
    else cause.runs.push(run);
  }
  const warns = (cause: Cause): number => (cause.first.verdict === 'warn' ? 1 : 0);
  return [...causes.values()].sort((a, b) => warns(a) - warns(b) || b.runs.length - a.runs.length);
}
