import type { Requirement } from '../../protocols/common/requirement.ts';
import type { CaseRun } from '../results/result.ts';
import type { RequirementMutants } from './mutants.ts';

/** What tests one requirement, as far as runs have shown it. */
export interface RequirementCoverage {
  readonly requirement: Requirement;
  /** Cases with a checkpoint for it that was reached. */
  readonly cases: readonly string[];
  /** Invariants that examined it. */
  readonly invariants: readonly string[];
  /** Mutants that break it; undefined where none do, or none are known. */
  readonly mutants: RequirementMutants | undefined;
  /** covered: something can fail for it; unobservable: the catalogue says why nothing can; free: nothing is demanded (MAY); open: none of these. */
  readonly state: 'covered' | 'unobservable' | 'free' | 'open';
}

/**
 * Coverage as the checkpoints of runs show it, not as files claim it: a requirement that a case lists but no reached
 * checkpoint names is not covered. `mutants`: by requirement id. In order of the catalogue.
 */
export function coverageOf(
  requirements: Iterable<Requirement>,
  runs: readonly Pick<CaseRun, 'case' | 'checkpoints'>[],
  mutants: ReadonlyMap<string, RequirementMutants> = new Map(),
): RequirementCoverage[] {
  const cases = new Map<string, Set<string>>();
  const invariants = new Map<string, Set<string>>();
  const add = (to: Map<string, Set<string>>, id: string, what: string): void => {
    to.set(id, (to.get(id) ?? new Set()).add(what));
  };
  for (const run of runs) {
    for (const checkpoint of run.checkpoints) {
      if (checkpoint.outcome === 'not-reached') continue;
      for (const id of checkpoint.requirements) {
        if (checkpoint.judge === 'invariant') add(invariants, id, checkpoint.id.replace(/^invariant:/, ''));
        else add(cases, id, run.case);
      }
    }
  }
  return [...requirements].map((requirement) => {
    const own = {
      cases: [...(cases.get(requirement.id) ?? [])].sort(),
      invariants: [...(invariants.get(requirement.id) ?? [])].sort(),
      mutants: mutants.get(requirement.id),
    };
    return { requirement, ...own, state: stateOf(requirement, own.cases.length + own.invariants.length) };
  });
}

function stateOf(requirement: Requirement, tests: number): RequirementCoverage['state'] {
  if (tests > 0) return 'covered';
  if (requirement.unobservable !== undefined) return 'unobservable';
  return requirement.level === 'MAY' ? 'free' : 'open';
}

/** Requirements that nothing tests and that no line excuses. */
export function openRequirements(coverage: readonly RequirementCoverage[]): RequirementCoverage[] {
  return coverage.filter(({ state }) => state === 'open');
}
