import type { CaseRun } from '../../runner/results/result.ts';
import type { EvidencePlace, ListedRun, RuleTally } from '../../viewer/page.ts';

/** A case-run as the lists of a page need it. */
export function listed(run: CaseRun, whole: ListedRun['whole'], evidence: EvidencePlace): ListedRun {
  const { id, case: of, title, role, binding, verdict, expected, requirements, durationMs } = run;
  const { knownReason, skipReason, inSet, confirmed, findings } = run;
  return {
    id,
    case: of,
    title,
    role,
    binding,
    verdict,
    expected,
    requirements,
    durationMs,
    ...(knownReason === undefined ? {} : { knownReason }),
    ...(skipReason === undefined ? {} : { skipReason }),
    ...(inSet === undefined ? {} : { inSet }),
    ...(confirmed === undefined ? {} : { confirmed }),
    findings: findings.slice(0, 1),
    found: findings.length,
    broken: [...new Set(findings.flatMap(({ requirement }) => requirement ?? []))],
    whole,
    evidence,
  };
}

/** What became of each rule, in how many case-runs. */
export function talliesOf(runs: readonly CaseRun[]): Record<string, RuleTally> {
  const tallies = new Map<string, { examined: number; broken: number }>();
  for (const { checkpoints, findings } of runs) {
    const broken = new Set(findings.flatMap(({ requirement }) => requirement ?? []));
    const examined = new Set(broken);
    for (const { requirements, outcome } of checkpoints) {
      if (outcome === 'held' || outcome === 'broken') for (const id of requirements) examined.add(id);
    }
    for (const id of examined) {
      const tally = tallies.get(id) ?? { examined: 0, broken: 0 };
      tally.examined += 1;
      if (broken.has(id)) tally.broken += 1;
      tallies.set(id, tally);
    }
  }
  return Object.fromEntries(tallies);
}
