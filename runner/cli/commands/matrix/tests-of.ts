import type { Requirement } from '../../../../protocols/common/requirement.ts';
import { coverageOf } from '../../../coverage/coverage.ts';
import { mutantsByRequirement, presentMutants, readKilled } from '../../../coverage/mutants.ts';
import { packageRoot } from '../../../package-root.ts';
import type { Matrix } from '../../../results/matrix.ts';
import type { CaseRun } from '../../../results/result.ts';

/** What tests each requirement, as the runs of the reference pair show it. */
export function testsOf(
  requirements: Iterable<Requirement>,
  runs: readonly CaseRun[],
  protocol: string,
  killed: string | undefined,
): Matrix['tests'] {
  const mutants = presentMutants(packageRoot(), protocol);
  const coverage = coverageOf(
    requirements,
    runs,
    mutants && mutantsByRequirement(mutants, killed === undefined ? undefined : readKilled(killed)),
  );
  return Object.fromEntries(
    coverage.map(({ requirement, cases, invariants, mutants: breaking }) => [
      requirement.id,
      {
        cases: cases.length,
        invariants: [...invariants],
        ...(breaking === undefined
          ? {}
          : { mutants: { listed: breaking.listed.length, ...(breaking.killed === undefined ? {} : { killed: breaking.killed.length }) } }),
      },
    ]),
  );
}
