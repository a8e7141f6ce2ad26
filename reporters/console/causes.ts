import type { CaseRun, Finding } from '../../runner/results/result.ts';

/** What grouping by cause asks of a case-run. */
export type Caused = Pick<CaseRun, 'verdict' | 'expected'> & { readonly findings: readonly Finding[] };

/** Case-runs that fail for the same reason, by the fingerprint of their first finding. */
export interface Cause<R extends Caused = CaseRun> {
  readonly fingerprint: string;
  readonly first: R;
  readonly finding: Finding | undefined;
  readonly runs: readonly R[];
}

/** How much a case-run that is news weighs, the gravest first. */
export const GRAVITIES = ['failure', 'warning', 'question'] as const;

/** How much a case-run that is news weighs. */
export type Gravity = (typeof GRAVITIES)[number];

/** The weight of a case-run that is news. */
export function gravityOf({ verdict }: Pick<CaseRun, 'verdict'>): Gravity {
  if (verdict === 'warn') return 'warning';
  return verdict === 'question' ? 'question' : 'failure';
}

/** Groups runs by the fingerprint of their first finding, each gravity apart: failures first, then the largest group. */
export function causesOf<R extends Caused>(runs: readonly R[]): Cause<R>[] {
  const causes = new Map<string, { fingerprint: string; first: R; finding: Finding | undefined; runs: R[] }>();
  for (const run of runs) {
    const finding = run.findings[0];
    const fingerprint = finding?.fingerprint ?? run.expected;
    const key = `${gravityOf(run)} ${fingerprint}`;
    const cause = causes.get(key);
    if (cause === undefined) causes.set(key, { fingerprint, first: run, finding, runs: [run] });
    else cause.runs.push(run);
  }
  const rank = ({ first }: Cause<R>): number => GRAVITIES.indexOf(gravityOf(first));
  return [...causes.values()].sort((a, b) => rank(a) - rank(b) || b.runs.length - a.runs.length);
}
