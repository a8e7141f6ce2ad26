import type { CaseRun, Finding } from '../../runner/results/result.ts';

/** Case-runs that fail for the same reason, by the fingerprint of their first finding. */
export interface Cause {
  readonly fingerprint: string;
  readonly first: CaseRun;
  readonly finding: Finding | undefined;
  readonly runs: readonly CaseRun[];
}

/** How much a case-run that is news weighs, the gravest first. */
export const GRAVITIES = ['failure', 'warning', 'question'] as const;

/** The weight of a case-run that is news. */
export function gravityOf({ verdict }: Pick<CaseRun, 'verdict'>): (typeof GRAVITIES)[number] {
  if (verdict === 'warn') return 'warning';
  return verdict === 'question' ? 'question' : 'failure';
}

/** Groups runs by the fingerprint of their first finding, each gravity apart: failures first, then the largest group. */
export function causesOf(runs: readonly CaseRun[]): Cause[] {
  const causes = new Map<string, { fingerprint: string; first: CaseRun; finding: Finding | undefined; runs: CaseRun[] }>();
  for (const run of runs) {
    const finding = run.findings[0];
    const fingerprint = finding?.fingerprint ?? run.expected;
    const key = `${gravityOf(run)} ${fingerprint}`;
    const cause = causes.get(key);
    if (cause === undefined) causes.set(key, { fingerprint, first: run, finding, runs: [run] });
    else cause.runs.push(run);
  }
  const rank = ({ first }: Cause): number => GRAVITIES.indexOf(gravityOf(first));
  return [...causes.values()].sort((a, b) => rank(a) - rank(b) || b.runs.length - a.runs.length);
}
