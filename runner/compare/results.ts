import { judgeFlake } from '../adapters/flake.ts';
import { withoutRepeat } from '../plan/run-id.ts';
import type { CaseRun, Results, Verdict } from '../results/result.ts';
import { CHANGES, type Change, type ChangeKind, type ResultsReport, type Standing } from './grammar.ts';

/** How much each verdict weighs; 0: it says nothing of who is under test. */
const WEIGHTS: Readonly<Record<Verdict, number>> = { skip: 0, unclear: 0, pass: 1, question: 2, warn: 3, fail: 4, error: 5 };

/** Results with where they are from. */
export interface ComparedResults {
  readonly file: string;
  readonly results: Results;
}

/** A case-run with all its repeats. */
interface Group {
  readonly first: CaseRun;
  readonly standing: Standing;
  /** Repeats that say something. */
  readonly times: number;
}

/**
 * Holds two sets of results against each other, case-run by case-run: repeats count as one, and a case that was renamed is itself.
 * Two implementations, two versions, two commits; nothing but verdicts and causes is compared. Pure.
 */
export function compareResults(a: ComparedResults, b: ComparedResults): ResultsReport {
  const renamed = new Map(
    [a, b].flatMap(({ results }) => results.runs.flatMap((run) => (run.aliases ?? []).map((old) => [old, run.case]))),
  );
  const [before, after] = [groupsOf(a.results.runs, renamed), groupsOf(b.results.runs, renamed)];
  const changes: Change[] = [];
  let same = 0;
  for (const id of new Set([...before.keys(), ...after.keys()])) {
    const [was, is] = [before.get(id), after.get(id)];
    const kind = changeOf(was, is);
    if (kind === undefined) same += 1;
    else changes.push({ kind, id, title: (is ?? was)?.first.title ?? '', ...standings(was, is) });
  }
  const rank = ({ kind }: Change): number => CHANGES.indexOf(kind);
  return {
    schema: 'weir-diff/1',
    of: 'results',
    a: sideOf(a, before.size),
    b: sideOf(b, after.size),
    same,
    counts: Object.fromEntries(
      CHANGES.flatMap((kind) => {
        const count = changes.filter((change) => change.kind === kind).length;
        return count === 0 ? [] : [[kind, count]];
      }),
    ),
    changes: changes.toSorted((x, y) => rank(x) - rank(y) || (x.id < y.id ? -1 : 1)),
  };
}

/** What has become of a case-run; undefined where it is the same. */
function changeOf(was: Group | undefined, is: Group | undefined): ChangeKind | undefined {
  const [before, after] = [judged(was), judged(is)];
  if (before === undefined || after === undefined) {
    if (before === after) return undefined;
    return before === undefined ? 'only-in-b' : 'only-in-a';
  }
  const [once, now] = [steady(before), steady(after)];
  if (once === undefined && now === undefined) return bothUnsteady(before, after);
  if (once !== undefined && now === undefined) return 'flakier';
  // What failed now and then fails always, or never.
  if (once === undefined) return now === 'pass' ? 'mended' : WEIGHTS[now ?? 'pass'] >= worst(before) ? 'news' : 'steadier';
  const [x, y] = [WEIGHTS[once], WEIGHTS[now ?? once]];
  if (x !== y) return y > x ? 'news' : 'mended';
  return sameCauses(before, after) ? undefined : 'other-cause';
}

function bothUnsteady(before: Group, after: Group): ChangeKind | undefined {
  const rate = 1 - shareOf(before, 'pass');
  const failed = after.times - (after.standing.verdicts.pass ?? 0);
  const found = rate > 0 && rate < 1 ? judgeFlake({ rate, runs: before.times }, failed, after.times) : 'within';
  switch (found) {
    case 'fails-too-often':
      return 'flakier';
    case 'fails-too-seldom':
      return 'steadier';
    case 'within':
      // Of causes that come and go, some may not have come; one that is new is news.
      return after.standing.causes.every((cause) => before.standing.causes.includes(cause)) ? undefined : 'other-cause';
  }
}

/** A group of which some repeat was judged. */
function judged(group: Group | undefined): Group | undefined {
  return group === undefined || group.times === 0 ? undefined : group;
}

/** The verdict of all repeats; undefined where they differ. */
function steady({ standing }: Group): Verdict | undefined {
  const [verdict, ...others] = verdictsOf(standing);
  return others.length === 0 ? verdict : undefined;
}

function worst({ standing }: Group): number {
  return Math.max(...verdictsOf(standing).map((verdict) => WEIGHTS[verdict]));
}

function verdictsOf({ verdicts }: Standing): Verdict[] {
  return Object.keys(verdicts).flatMap((key) => {
    const verdict = key as Verdict;
    return WEIGHTS[verdict] > 0 && (verdicts[verdict] ?? 0) > 0 ? [verdict] : [];
  });
}

function shareOf({ standing, times }: Group, verdict: Verdict): number {
  return (standing.verdicts[verdict] ?? 0) / times;
}

function sameCauses({ standing: { causes: x } }: Group, { standing: { causes: y } }: Group): boolean {
  return x.length === y.length && x.every((cause, i) => cause === y[i]);
}

function standings(was: Group | undefined, is: Group | undefined): Pick<Change, 'a' | 'b'> {
  return { ...(was === undefined ? {} : { a: was.standing }), ...(is === undefined ? {} : { b: is.standing }) };
}

/** Case-runs by their id without repeats, under the latest name of their case. */
function groupsOf(runs: readonly CaseRun[], renamed: ReadonlyMap<string, string>): Map<string, Group> {
  const all = new Map<string, CaseRun[]>();
  for (const run of runs) {
    const name = renamed.get(run.case);
    const id = name === undefined ? withoutRepeat(run.id) : `${name}@${run.role}+${run.binding}`;
    const group = all.get(id);
    if (group === undefined) all.set(id, [run]);
    else group.push(run);
  }
  return new Map(
    Array.from(all, ([id, repeats]): [string, Group] => {
      const [first] = repeats as [CaseRun];
      const times = repeats.filter(({ verdict }) => WEIGHTS[verdict] > 0).length;
      return [id, { first, standing: standingOf(repeats), times }];
    }),
  );
}

function standingOf(repeats: readonly CaseRun[]): Standing {
  const verdicts: Partial<Record<Verdict, number>> = {};
  for (const { verdict } of repeats) verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
  // The first finding stands for the run.
  const findings = repeats.flatMap(({ verdict, findings: [finding] }) =>
    verdict === 'pass' || WEIGHTS[verdict] === 0 || finding === undefined ? [] : [finding],
  );
  const [first] = findings;
  const skipReason = repeats.find((run) => run.skipReason !== undefined)?.skipReason;
  return {
    verdicts,
    causes: [...new Set(findings.map(({ fingerprint }) => fingerprint))].sort(),
    ...(first?.requirement === undefined ? {} : { requirement: first.requirement }),
    ...(first === undefined ? {} : { message: first.message }),
    ...(skipReason === undefined ? {} : { skipReason }),
  };
}

function sideOf({ file, results }: ComparedResults, runs: number): ResultsReport['a'] {
  const { implementation, weir, startedAt, world } = results;
  const name = implementation === undefined ? 'reference pair' : `${implementation.name} ${implementation.version}`.trim();
  return { file, implementation: name, weir, startedAt, world, runs };
}
