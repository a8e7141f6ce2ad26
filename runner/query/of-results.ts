import { areaOf } from '../results/area.ts';
import { repeatsOf, worstOf } from '../results/repeats.ts';
import type { CaseRun, Results } from '../results/result.ts';
import type { VerdictCell, VerdictTable } from './table.ts';

/** Results, and how they are called where there are several. */
export interface NamedResults {
  readonly label: string;
  readonly results: Results;
}

/** Results as a table: a column for each, in their order; repeats of a case-run are one cell. */
export function tableOfResults(sets: readonly NamedResults[]): VerdictTable {
  const bySet = sets.map(({ results }) => repeatsOf(results.runs));
  const ids = [...new Set(bySet.flatMap((runs) => [...runs.keys()]))];
  return {
    columns: sets.map(({ label, results: { implementation } }) => {
      const { name, version } = implementation ?? { name: 'reference', version: '' };
      return { id: label, name, version, track: name };
    }),
    rows: ids.flatMap((id) => {
      const runs = bySet.map((set) => set.get(id));
      const first = runs.find((each) => each !== undefined)?.[0];
      if (first === undefined) return [];
      const { role, binding, title, requirements } = first;
      return [{ id, area: areaOf(first.case), role, binding, title, requirements, cells: runs.map(cellOf) }];
    }),
  };
}

function cellOf(runs: readonly [CaseRun, ...CaseRun[]] | undefined): VerdictCell | undefined {
  if (runs === undefined) return undefined;
  const findings = runs.flatMap((run) => run.findings);
  const verdicts = runs.map(({ verdict }) => verdict);
  return {
    verdict: worstOf(runs).verdict,
    broken: [...new Set(findings.flatMap(({ requirement }) => requirement ?? []))],
    causes: [...new Set(findings.map(({ fingerprint }) => fingerprint))],
    flaky: new Set(verdicts).size > 1 || runs.some(({ flaky }) => flaky !== undefined),
    known: runs.some(({ expected }) => expected === 'known-failure'),
  };
}
