import { oneLine } from '../../protocols/common/plain.ts';
import type { KnownFailure } from '../adapters/known-failures.ts';
import type { EndFacts, PlannedRun } from '../plan/plan.ts';
import type { CaseRun, Results } from '../results/result.ts';
import { asUsage, EXIT } from './exit.ts';
import type { RunOptions } from './run-options.ts';

/** Known failures, and how much of what they may speak of was run. */
export interface Known {
  readonly entries: readonly KnownFailure[];
  /** Column that was run; undefined where the manifest has none. */
  readonly label: string | undefined;
  readonly strict: boolean;
  /** What `--axes` left out: what is listed of it may be true, and is not looked at. */
  readonly leftOut: readonly JudgedKey[];
  /** True where every case was run, under every role and binding that the implementation has. */
  readonly whole: boolean;
  /** True where what was run was, under every role that the implementation has. */
  readonly everyRole: boolean;
  /** Likewise for bindings. */
  readonly everyBinding: boolean;
}

/** What an entry may name of a case-run. */
export type JudgedKey = Pick<CaseRun, 'case' | 'aliases' | 'role' | 'binding'>;

/** What an entry may name of a planned run. */
export function judgedKey({ case: { id, aliases }, role, binding }: PlannedRun): JudgedKey {
  return { case: id, role, binding, ...(aliases.length === 0 ? {} : { aliases: [...aliases] }) };
}

/** What of a selection decides how much of an implementation is run. */
type Selected = Pick<RunOptions, 'role' | 'binding' | 'tag' | 'requirement' | 'lastFailed' | 'sweep'>;

/** How much of what known failures may speak of is run. `reached`: nothing was left out by stopping. A shard counts as the whole that it is of. */
export function scopeOf(
  patterns: readonly string[],
  { role, binding, tag, requirement, lastFailed, sweep }: Selected,
  implementation: Pick<EndFacts, 'roles' | 'bindings'> | undefined,
  reached: boolean,
): Pick<Known, 'whole' | 'everyRole' | 'everyBinding'> {
  const { roles = [], bindings = [] } = implementation ?? {};
  const everyRole = roles.every((each) => role?.includes(each) ?? true);
  const everyBinding = bindings.every((each) => binding?.includes(each) ?? true);
  const everyCase = patterns.length === 0 && tag === undefined && requirement === undefined && sweep === undefined && !lastFailed;
  return { whole: reached && everyRole && everyBinding && everyCase, everyRole, everyBinding };
}

/**
 * Holds the list of known failures against what was run, and tells which entries should go or are wrong. `code` is the exit code
 * that the case-runs amount to; gives the one that both amount to.
 */
export async function holdAgainst(runs: Results['runs'], { entries, label, strict, whole, leftOut }: Known, code: number): Promise<number> {
  if (entries.length === 0) return code;
  const { concerns, staleEntries, unmatchedEntries, worsenedEntries } = await import('../adapters/known-failures.ts');
  const isWhole = (entry: KnownFailure): boolean => !leftOut.some(concerns(entry, label));
  const stale = whole ? staleEntries(runs, entries, label, strict).filter(isWhole) : [];
  const unmatched = whole ? unmatchedEntries(runs, entries, label).filter(isWhole) : [];
  const worsened = worsenedEntries(runs, entries, label, strict);
  for (const entry of stale)
    process.stdout.write(
      `stale: nothing that known-failures lists as ${JSON.stringify(entry.case)} (${oneLine(entry.reason)}) fails any more; delete the entry\n`,
    );
  for (const entry of unmatched)
    process.stdout.write(`unmatched: no case-run fits ${JSON.stringify(entry.case)} of known-failures; was the case renamed?\n`);
  for (const entry of worsened) {
    const measured = `${Math.round((entry.flaky?.rate ?? 0) * 100)} %`;
    process.stdout.write(
      `worse: ${JSON.stringify(entry.case)} (${oneLine(entry.reason)}) fails more often than the ${measured} that were measured\n`,
    );
  }
  if (unmatched.length > 0) return EXIT.usage;
  return stale.length + worsened.length > 0 && code === EXIT.ok ? EXIT.findings : code;
}

/** What a shard leaves for `weir merge`, since only the whole shows which entries nothing needs. */
export function leftForMerge({ entries, label, strict, whole, leftOut }: Known): NonNullable<Results['known']> {
  return {
    entries: entries.map((entry) => ({ ...entry })),
    ...(label === undefined ? {} : { label }),
    strict,
    whole,
    leftOut: [...leftOut],
  };
}

/** What the shards left, for the whole; undefined where they are no shards of an implementation. Throws a `UsageError` where an entry is none. */
export async function leftByShards(parts: readonly Pick<Results, 'known'>[]): Promise<Known | undefined> {
  const left = parts.flatMap(({ known }) => known ?? []);
  const [first] = left;
  if (first === undefined) return undefined;
  const { knownFailuresIn } = await import('../adapters/known-failures.ts');
  return {
    ...first,
    label: first.label,
    leftOut: first.leftOut,
    entries: asUsage(() => knownFailuresIn(first.entries)),
    whole: left.every(({ whole }) => whole),
    everyRole: true,
    everyBinding: true,
  };
}
