import { withoutRepeat } from '../plan/run-id.ts';
import type { CaseRun, Rule } from './result.ts';

/**
 * What case-runs say of one rule. kept: it was looked at and never broken; broken: some case-run breaks it; flaky: it is broken in some
 * repetitions only, or as a measured flake; question: only as a disputed rule is it broken; unsupported: all that looks at it was
 * skipped; not-run: nothing looked at it, or what did came to no verdict.
 */
export const KEEPINGS = ['kept', 'broken', 'flaky', 'question', 'unsupported', 'not-run'] as const;
/** What case-runs say of one rule. */
export type Keeping = (typeof KEEPINGS)[number];

/** What this asks of a case-run. */
export type Examined = Pick<CaseRun, 'id' | 'role' | 'verdict' | 'expected' | 'flaky' | 'requirements' | 'checkpoints' | 'findings'>;

/** A rule that binds whom a run tests, what became of it, and whether a broken one counts as a MUST. */
export interface RuleKept {
  readonly keeping: Keeping;
  readonly must: boolean;
}

/**
 * What became of each rule that binds an end of this role, those that nothing can observe left out. A finding that hurts an application
 * makes a rule that binds less a MUST. Known failures count like any; a failure that names no rule breaks all that its case is about.
 */
export function keptBy(role: 'client' | 'server', rules: Readonly<Record<string, Rule>>, runs: readonly Examined[]): Map<string, RuleKept> {
  const own = runs.filter((run) => run.role === role);
  // A rule that obliges a part in calls may oblige either end.
  const other = role === 'client' ? 'server' : 'client';
  const seen = new Map<string, { held: boolean; broken: Set<string>; raised: boolean; asked: boolean; skipped: boolean }>();
  const at = (id: string) => {
    const entry = seen.get(id) ?? { held: false, broken: new Set(), raised: false, asked: false, skipped: false };
    seen.set(id, entry);
    return entry;
  };
  const steady = steadyFailures(own);
  for (const run of own) {
    if (run.verdict === 'skip') for (const id of run.requirements) at(id).skipped = true;
    if (saysNothing(run)) continue;
    for (const { requirements, outcome } of run.checkpoints) if (outcome === 'held') for (const id of requirements) at(id).held = true;
    // A failure that names no rule is one of those that its case is about, nobody knows which.
    const unnamed = run.verdict === 'fail' && run.findings.every(({ requirement }) => requirement === undefined);
    if (unnamed) for (const id of run.requirements) at(id).broken.add(steady.has(run.id) ? 'steady' : 'flaky');
    for (const { requirement, question, level } of run.findings) {
      if (requirement === undefined) continue;
      if (question !== undefined) at(requirement).asked = true;
      else {
        at(requirement).broken.add(steady.has(run.id) ? 'steady' : 'flaky');
        if (isMust(level)) at(requirement).raised = true;
      }
    }
  }
  return new Map(
    Object.entries(rules)
      .filter(([, rule]) => rule.role !== other && rule.unobservable === undefined)
      .map(([id, rule]): [string, RuleKept] => {
        const { held, broken, asked, skipped, raised } = at(id);
        const keeping = broken.has('steady')
          ? 'broken'
          : broken.has('flaky')
            ? 'flaky'
            : asked
              ? 'question'
              : held
                ? 'kept'
                : skipped
                  ? 'unsupported'
                  : 'not-run';
        return [id, { keeping, must: isMust(rule.level) || raised }];
      }),
  );
}

/** Ids of case-runs that fail whenever they are repeated, and of no measured flake. */
function steadyFailures(runs: readonly Examined[]): ReadonlySet<string> {
  const fine = new Set(runs.filter((run) => run.findings.length === 0 && !saysNothing(run)).map(({ id }) => withoutRepeat(id)));
  return new Set(runs.filter(({ id, flaky }) => flaky === undefined && !fine.has(withoutRepeat(id))).map(({ id }) => id));
}

/** A case-run that came to no verdict. */
function saysNothing({ verdict, expected }: Pick<CaseRun, 'verdict' | 'expected'>): boolean {
  return verdict === 'skip' || verdict === 'error' || verdict === 'unclear' || expected === 'not-confirmed';
}

/** Whether a level is that of a MUST. */
export function isMust(level: string): boolean {
  return level === 'MUST' || level === 'MUST-NOT';
}
