import { withoutRepeat } from '../plan/run-id.ts';
import { areaOf } from '../results/area.ts';
import { keptBy } from '../results/keeping.ts';
import type { Matrix, MatrixCase, MatrixFinding, MatrixRow } from '../results/matrix.ts';
import { NOT_RUN, VERDICT_LETTERS } from '../results/matrix-letters.ts';
import { ratesOf } from '../results/rates.ts';
import { repeatsOf, worstOf } from '../results/repeats.ts';
import type { CaseRun, Results, Rule } from '../results/result.ts';
import type { RowOutcome, RowSubject } from './row.ts';

/** Longest message of a finding, in characters. */
const LONGEST = 300;
/** Most findings of a case-run. */
const MOST_FINDINGS = 3;

/** What a matrix is put together of. */
export interface MatrixMatter {
  readonly weir: string;
  readonly protocol: string;
  readonly title: string;
  readonly requirements: Readonly<Record<string, Rule>>;
  readonly selection: readonly string[];
  readonly madeAt: string;
  readonly tests: Matrix['tests'];
  /** The hash by which a case is told from what it was. */
  readonly hashOf: (id: string) => string;
  readonly pairs?: Matrix['pairs'];
  readonly rows: readonly { readonly subject: RowSubject; readonly outcome: RowOutcome }[];
}

/** Puts the results of rows together. Pure. */
export function buildMatrix({ rows, hashOf, tests, pairs, ...head }: MatrixMatter): Matrix {
  const cases = casesOf(
    rows.flatMap(({ outcome }) => (outcome.results === undefined ? [] : [outcome.results])),
    hashOf,
  );
  const places = new Map(cases.map(({ id }, i) => [id, i]));
  const findings = dictionary<MatrixFinding>();
  const reasons = dictionary<string>();
  const built = rows.map(({ subject, outcome }): MatrixRow => {
    const { results } = outcome;
    const common = {
      ...subject,
      version: results?.implementation?.version ?? subject.version,
      roles: [...subject.roles],
      state: outcome.state,
      ...(outcome.reason === undefined ? {} : { reason: outcome.reason }),
    };
    if (results === undefined) {
      return { ...common, verdicts: NOT_RUN.repeat(cases.length), found: {}, skipped: {}, rates: {}, kept: {} };
    }
    const verdicts = Array.from({ length: cases.length }, () => NOT_RUN as string);
    const row: Pick<MatrixRow, 'found' | 'skipped' | 'rates'> = { found: {}, skipped: {}, rates: {} };
    const rates = new Map(ratesOf(results.runs).map((rate) => [rate.id, rate]));
    for (const [id, repeats] of repeatsOf(results.runs)) {
      const run = worstOf(repeats);
      const index = places.get(id);
      // A role that it does not have is no lack of it.
      if (index === undefined || !subject.roles.includes(run.role)) continue;
      verdicts[index] = VERDICT_LETTERS[run.verdict];
      if (run.verdict === 'skip') row.skipped[index] = reasons.index(run.skipReason ?? 'no reason is given');
      // What is unclear says nothing of any rule.
      if (run.findings.length > 0 && run.verdict !== 'unclear')
        row.found[index] = run.findings.slice(0, MOST_FINDINGS).map((each) => findings.index(findingOf(each)));
      const { times = 1, counts = {} } = rates.get(id) ?? {};
      const failed = (counts.fail ?? 0) + (counts.warn ?? 0) + (counts.error ?? 0);
      if (failed > 0 && failed < times) row.rates[index] = { failed: failed / times, runs: times };
      else if (run.flaky !== undefined) row.rates[index] = { failed: run.flaky.rate, runs: run.flaky.runs };
    }
    const roles = subject.roles.filter((role) => results.runs.some((run) => run.role === role));
    const kept = roles.map((role) => [
      role,
      Object.fromEntries([...keptBy(role, head.requirements, results.runs)].map(([id, { keeping }]) => [id, keeping])),
    ]);
    return {
      ...common,
      ranAt: results.startedAt,
      durationMs: Math.round(results.durationMs),
      verdicts: verdicts.join(''),
      ...row,
      kept: Object.fromEntries(kept),
    };
  });
  return {
    schema: 'weir-matrix/1',
    ...head,
    selection: [...head.selection],
    ...(tests === undefined ? {} : { tests }),
    requirements: { ...head.requirements },
    caseRuns: cases,
    findings: findings.all,
    reasons: reasons.all,
    rows: built,
    ...(pairs === undefined ? {} : { pairs }),
  };
}

/** Everything that some row has a verdict of, by id. */
function casesOf(all: readonly Results[], hashOf: (id: string) => string): MatrixCase[] {
  const cases = new Map<string, MatrixCase>();
  for (const { runs } of all) {
    for (const { id: whole, case: of, role, binding, title, requirements } of runs) {
      const id = withoutRepeat(whole);
      if (!cases.has(id)) cases.set(id, { id, case: of, area: areaOf(of), role, binding, title, requirements, hash: hashOf(of) });
    }
  }
  return [...cases.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function findingOf({ requirement, level, question, harm, fingerprint, message }: CaseRun['findings'][number]): MatrixFinding {
  return {
    ...(requirement === undefined ? {} : { requirement }),
    level,
    ...(question === undefined ? {} : { question: true }),
    ...(harm === undefined ? {} : { harm }),
    fingerprint,
    message: message.length > LONGEST ? `${message.slice(0, LONGEST - 1)}…` : message,
  };
}

/** A list in which each value stands once. */
function dictionary<T>(): { readonly all: T[]; index(value: T): number } {
  const all: T[] = [];
  const places = new Map<string, number>();
  return {
    all,
    index(value) {
      const key = JSON.stringify(value);
      const place = places.get(key) ?? all.push(value) - 1;
      places.set(key, place);
      return place;
    },
  };
}
