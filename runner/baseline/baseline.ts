import {
  concerns,
  expired,
  isCalled,
  type JudgedRun,
  type KnownFailure,
  parseKnownFailures,
  staleEntries,
  tally,
  unmatchedEntries,
} from '../adapters/known-failures.ts';
import { editList, NO_EDIT } from './edit-list.ts';
import { type BaselineContext, flakeOf, type News, newsOf } from './news.ts';

/** What `weir baseline write` makes of a file. */
export interface Written extends News {
  readonly text: string;
  /** Entries that now hold for this column too. */
  readonly widened: readonly KnownFailure[];
  /** How many expired flake rates were measured again. */
  readonly remeasured: number;
}

/**
 * Adds an entry for each reason of failure that none explains; where an entry for other columns says the same of the same
 * cases, this column is added to it. Throws a `CorpusError` where the text is no list of known failures, an
 * `EditError` where it cannot be edited.
 */
export function writeBaseline(file: string, text: string, runs: readonly JudgedRun[], context: BaselineContext): Written {
  const known = parseKnownFailures(file, text);
  const { entries, unlistable } = newsOf(runs, known, context);
  const set = new Map<number, Record<string, unknown>>();
  const add: KnownFailure[] = [];
  for (const entry of entries) {
    const same = known.findIndex((other) => sameButColumns(other, entry));
    const versions = known[same]?.versions;
    if (versions === undefined || context.label === undefined) add.push(entry);
    else set.set(same, { versions: context.labels.filter((label) => label === context.label || versions.includes(label)) });
  }
  const widened = [...set.keys()].flatMap((i) => known[i] ?? []);
  const { remeasured, steady } = measureAgain(known, runs, context);
  for (const [i, flaky] of remeasured) set.set(i, { ...set.get(i), flaky });
  const edit = { ...NO_EDIT, remove: new Set(steady.keys()), set, add: [...add, ...steady.values()] };
  return { text: editList(text, edit), entries: add, widened, remeasured: [...remeasured.keys(), ...steady.keys()].length, unlistable };
}

/** What `weir baseline prune` makes of a file. */
export interface Pruned {
  readonly text: string;
  /** Entries that are gone, for this column at least. */
  readonly removed: readonly KnownFailure[];
  /** Ids that were taken out of lists, since they pass. */
  readonly dropped: readonly string[];
}

/** How much of what an entry may speak of was run. */
export interface Scope {
  /** All of it. */
  readonly whole: boolean;
  /** Whatever cases were run, they were under every role that the implementation has. */
  readonly everyRole: boolean;
  /** Likewise for bindings. */
  readonly everyBinding: boolean;
}

/**
 * Takes out what passes now, where all that an entry speaks of was run, and with a `whole` scope what fits no case. An entry that
 * holds for other columns too stays for them. Throws a `CorpusError` where the text is no list of known failures, an
 * `EditError` where it cannot be edited.
 */
export function pruneBaseline(
  file: string,
  text: string,
  runs: readonly JudgedRun[],
  { label, labels, strict, today }: BaselineContext,
  scope: Scope,
): Pruned {
  const known = parseKnownFailures(file, text);
  const late = known.filter(
    (entry) => entry.flaky !== undefined && expired(entry.flaky, today) && tally(runs, entry, label, strict).failed === 0,
  );
  const found = new Set([
    ...late,
    ...staleEntries(runs, known, label, strict),
    ...(scope.whole ? unmatchedEntries(runs, known, label) : []),
  ]);
  const gone = new Set(known.filter((entry) => found.has(entry) && wasRun(entry, runs, scope)));
  const edit = { remove: new Set<number>(), set: new Map(), drop: new Map(), add: [] as KnownFailure[] };
  const dropped: string[] = [];
  known.forEach((entry, i) => {
    const others = otherColumns(entry, label, labels);
    if (gone.has(entry)) {
      if (others.length === 0) edit.remove.add(i);
      else edit.set.set(i, { versions: others });
      return;
    }
    const passing = passingIds(entry, runs, label, strict);
    if (passing.length === 0 || !Array.isArray(entry.case) || !everyAxisOf(entry, scope)) return;
    dropped.push(...passing);
    const left = entry.case.filter((id) => !passing.includes(id));
    if (others.length === 0) edit.drop.set(i, { case: passing });
    else {
      edit.set.set(i, { versions: others });
      edit.add.push({ ...entry, case: left, ...(label === undefined ? {} : { versions: [label] }) });
    }
  });
  return { text: editList(text, edit), removed: [...gone], dropped };
}

/** Whether nothing that an entry speaks of was left out: what does not fail here may fail there. */
function wasRun(entry: KnownFailure, runs: readonly JudgedRun[], scope: Scope): boolean {
  return scope.whole || (everyAxisOf(entry, scope) && [entry.case].flat().every((id) => runs.some((run) => isCalled(run, id))));
}

function everyAxisOf(entry: KnownFailure, { everyRole, everyBinding }: Scope): boolean {
  return (everyRole || entry.role !== undefined) && (everyBinding || entry.binding !== undefined);
}

/** New rates for expired entries by index; `steady`: those that fail every time, without their rate. */
function measureAgain(known: readonly KnownFailure[], runs: readonly JudgedRun[], context: BaselineContext) {
  const remeasured = new Map<number, NonNullable<KnownFailure['flaky']>>();
  const steady = new Map<number, KnownFailure>();
  known.forEach((entry, i) => {
    if (entry.flaky === undefined || !expired(entry.flaky, context.today)) return;
    const { judged, failed } = tally(runs, entry, context.label, context.strict);
    const { flaky: _, ...rest } = entry;
    if (failed > 0 && failed < judged) remeasured.set(i, flakeOf(failed, judged, context));
    else if (failed > 0) steady.set(i, rest);
  });
  return { remeasured, steady };
}

/** Columns beside `label` that an entry holds for. */
function otherColumns(entry: KnownFailure, label: string | undefined, labels: readonly string[]): string[] {
  return label === undefined ? [] : (entry.versions ?? labels).filter((other) => other !== label);
}

/** Ids in an entry's list whose runs were judged and none of which fails as the entry says. */
function passingIds(entry: KnownFailure, runs: readonly JudgedRun[], label: string | undefined, strict: boolean): string[] {
  if (entry.flaky !== undefined) return [];
  const isMeant = concerns(entry, label);
  return [entry.case].flat().filter((id) => {
    const judged = runs.filter((run) => isCalled(run, id) && run.verdict !== 'skip' && isMeant(run));
    return judged.length > 0 && tally(judged, entry, label, strict).failed === 0;
  });
}

function sameButColumns(a: KnownFailure, b: KnownFailure): boolean {
  const key = ({ case: cases, role, binding, checkpoint, fingerprint, flaky }: KnownFailure): string =>
    JSON.stringify([[cases].flat().sort(), role, binding, checkpoint, fingerprint, flaky === undefined]);
  return a.versions !== undefined && key(a) === key(b);
}
