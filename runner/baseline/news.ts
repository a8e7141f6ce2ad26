import { blocking, concerning, explains, type JudgedRun, type KnownFailure } from '../adapters/known-failures.ts';
import type { Finding } from '../results/result.ts';

/** What the entries for news are made with. */
export interface BaselineContext {
  /** Column that was run; undefined where the manifest has none. */
  readonly label: string | undefined;
  /** All columns of the manifest. */
  readonly labels: readonly string[];
  readonly strict: boolean;
  /** Whether what was run was, under every binding that the implementation has. */
  readonly everyBinding: boolean;
  /** `YYYY-MM-DD` */
  readonly today: string;
  /** Until when a flake rate measured now is to excuse anything: `YYYY-MM-DD`. */
  readonly flakyUntil: string;
}

/** Entries for the failures that no entry explains, and the findings that none may explain (a broken harness). */
export interface News {
  readonly entries: readonly KnownFailure[];
  readonly unlistable: readonly { readonly run: JudgedRun; readonly finding: Finding }[];
}

/** One reason for which a case fails for a role under a binding. */
interface Cell {
  readonly run: JudgedRun;
  readonly finding: Finding;
  failed: number;
}

/** Finds what the known failures do not explain, and writes it as entries: one for each fingerprint, role and binding. */
export function newsOf(runs: readonly JudgedRun[], known: readonly KnownFailure[], context: BaselineContext): News {
  const cells = new Map<string, Cell>();
  const unlistable: { run: JudgedRun; finding: Finding }[] = [];
  const listed = concerning(known, context.label);
  for (const run of runs) {
    const entries = listed(run);
    const counted = new Set<string>();
    for (const finding of blocking(run, context.strict)) {
      if (entries.some((entry) => explains(entry, finding))) continue;
      if (finding.judge === 'harness') unlistable.push({ run, finding });
      const key = JSON.stringify([axes(run), finding.fingerprint]);
      if (finding.judge === 'harness' || counted.has(key)) continue;
      counted.add(key);
      const cell = cells.get(key) ?? { run, finding, failed: 0 };
      cell.failed += 1;
      cells.set(key, cell);
    }
  }
  const judged = runs.filter((run) => run.verdict !== 'skip');
  const ran = (run: JudgedRun): number => judged.filter((other) => axes(other) === axes(run)).length;
  const steady = [...cells.values()].filter((cell) => cell.failed === ran(cell.run));
  const flaky = [...cells.values()].filter((cell) => cell.failed < ran(cell.run));
  return {
    entries: [
      ...steadyEntries(steady, judged, context),
      ...flaky.map((cell) => ({
        ...entryOf([cell.run.case], cell, cell.run.binding, context),
        flaky: flakeOf(cell.failed, ran(cell.run), context),
      })),
    ],
    unlistable,
  };
}

/** A measured flake rate. `failed` is more than 0 and less than `runs`. */
export function flakeOf(failed: number, runs: number, { flakyUntil }: BaselineContext): NonNullable<KnownFailure['flaky']> {
  return { rate: Number((failed / runs).toPrecision(3)), runs, until: flakyUntil };
}

/** Cases with the same reason share an entry; the binding is named only where another one does not fail so, or was not tried. */
function steadyEntries(cells: readonly Cell[], judged: readonly JudgedRun[], context: BaselineContext): KnownFailure[] {
  const bindingsOf = (list: readonly JudgedRun[], run: JudgedRun): Set<string> =>
    new Set(list.filter((other) => other.case === run.case && other.role === run.role).map(({ binding }) => binding));
  const groups = new Map<string, { cell: Cell; binding: string | undefined; cases: Set<string> }>();
  for (const cell of cells) {
    const { run, finding } = cell;
    const failing = bindingsOf(
      cells.filter((other) => other.finding.fingerprint === finding.fingerprint).map((other) => other.run),
      run,
    );
    const binding = context.everyBinding && failing.size === bindingsOf(judged, run).size ? undefined : run.binding;
    const key = JSON.stringify([finding.fingerprint, run.role, binding]);
    const group = groups.get(key) ?? { cell, binding, cases: new Set<string>() };
    group.cases.add(run.case);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ cell, binding, cases }) => entryOf([...cases].sort(), cell, binding, context));
}

function entryOf(cases: readonly string[], { run, finding }: Cell, binding: string | undefined, context: BaselineContext): KnownFailure {
  const [first = ''] = cases;
  return {
    case: cases.length === 1 ? first : [...cases],
    role: run.role,
    ...(binding === undefined ? {} : { binding }),
    ...(context.label === undefined || context.labels.length < 2 ? {} : { versions: [context.label] }),
    fingerprint: finding.fingerprint,
    reason: `(to be explained) ${finding.message.replaceAll(/\s+/g, ' ').slice(0, 200)}`,
  };
}

function axes(run: JudgedRun): string {
  return `${run.case}@${run.role}+${run.binding}`;
}
