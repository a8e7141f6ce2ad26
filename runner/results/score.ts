import type { CaseRun, Score } from './result.ts';

/**
 * The score against a set: a case counts as passed when none of its case-runs failed, a requirement as kept when none broke it.
 * What the set has as one case and is several by now still counts as one, and likewise the other way round.
 */
export function scoreOf(set: string, runs: readonly CaseRun[]): Score {
  const judged = runs.filter((run) => run.inSet === true && run.verdict !== 'skip');
  const cases = new Set(judged.flatMap(idsOf));
  const failed = new Set(judged.filter(({ verdict }) => verdict === 'fail' || verdict === 'error').flatMap(idsOf));
  const reached = judged.flatMap(({ checkpoints }) => checkpoints.filter(({ outcome }) => outcome === 'held' || outcome === 'broken'));
  const requirements = new Set(reached.flatMap((checkpoint) => checkpoint.requirements));
  const broken = new Set(
    judged.flatMap(({ findings }) =>
      findings.flatMap(({ requirement, question }) => (question === undefined ? requirement : undefined) ?? []),
    ),
  );
  return {
    set,
    cases: { passed: cases.size - failed.size, total: cases.size },
    requirements: { kept: [...requirements].filter((id) => !broken.has(id)).length, total: requirements.size },
  };
}

function idsOf(run: CaseRun): readonly string[] {
  return run.setCases ?? [run.case];
}
