import * as z from 'zod';
import { problemsOf } from '../cases/issues.ts';
import { CorpusError, untilTooManyThrown } from '../cases/problem.ts';
import { readSource } from '../cases/source.ts';
import { anyGlob, glob, globProblem } from '../globs/glob.ts';
import { isFine } from '../judge/verdict.ts';
import type { CaseRun, Finding } from '../results/result.ts';
import { judgeFlake } from './flake.ts';

/** `known-failures.yaml` of an implementation: what fails today and why, so that only news breaks a build. */

const knownFailure = z.strictObject({
  case: z.union([z.string(), z.array(z.string()).min(1)]).describe('Case id or glob, or a list of them: river/reconnect/*.'),
  role: z.enum(['client', 'server']).optional().describe('Only with this role under test.'),
  binding: z.string().optional().describe('Only with this binding.'),
  codec: z.string().optional().describe('Another name of `binding`.'),
  versions: z.array(z.string()).min(1).optional().describe('Only for these columns of the manifest.'),
  checkpoint: z.string().optional().describe('Only findings of checkpoints that match this glob: step:3, invariant:river/*.'),
  fingerprint: z
    .string()
    .optional()
    .describe('Only findings with this fingerprint, or below it where it ends with /**: a failure for another reason is news.'),
  reason: z.string().regex(/\S/, 'say why it fails').describe('Why it fails, for people.'),
  link: z.string().optional().describe('Where it is tracked.'),
  flaky: z
    .strictObject({
      rate: z.number().gt(0).lt(1).describe('Share of the measured runs that failed.'),
      runs: z.int().positive().describe('How many runs were measured.'),
      until: z
        .string()
        .regex(/^\d{4}-\d{2}-\d{2}$/, 'a date as YYYY-MM-DD')
        .describe('Last day on which this excuses anything; then measure again, or mend it.'),
    })
    .optional()
    .describe('It fails only sometimes: a pass does not make the entry stale while the measured rate explains it.'),
});

/** The whole file: a list. */
export const knownFailuresGrammar = z.array(knownFailure);

/** The entries of a list that fits the grammar, with `binding` where one says `codec`. */
export function entriesOf(list: z.infer<typeof knownFailuresGrammar>): KnownFailure[] {
  return list.map(({ codec, ...entry }) => (codec === undefined ? entry : { binding: codec, ...entry }));
}

/** One known failure. */
export type KnownFailure = Omit<z.infer<typeof knownFailure>, 'codec'>;

/** What a known failure looks at in a case-run. */
export type JudgedRun = Pick<CaseRun, 'case' | 'aliases' | 'role' | 'binding' | 'verdict' | 'findings'>;

/**
 * Reads the text of a file of known failures. With `today` (`YYYY-MM-DD`) an entry that has expired is an error. Throws a
 * `CorpusError` that says file, line and column.
 */
export function parseKnownFailures(file: string, text: string, today?: string): KnownFailure[] {
  return untilTooManyThrown(() => readKnownFailures(file, text, today));
}

function readKnownFailures(file: string, text: string, today: string | undefined): KnownFailure[] {
  const outcome = readSource(file, text);
  if (!outcome.ok) throw new CorpusError(outcome.problems);
  const { source } = outcome;
  if (source.value === null || source.value === undefined) return [];
  const parsed = knownFailuresGrammar.safeParse(source.value);
  if (!parsed.success) throw new CorpusError(problemsOf(source, [], source.value, parsed.error, knownFailuresGrammar));
  const wrong = wrongPatterns(parsed.data).map(({ at, problem }) => source.problem(at, problem));
  if (wrong.length > 0) throw new CorpusError(wrong);
  const late = parsed.data.flatMap(({ flaky }, i) => {
    if (flaky === undefined || today === undefined || !expired(flaky, today)) return [];
    const hint = 'measure again with `weir baseline write --repeat`, or delete the entry';
    return [source.problem([i, 'flaky', 'until'], `this flake rate expired on ${flaky.until}`, hint)];
  });
  if (late.length > 0) throw new CorpusError(late);
  return entriesOf(parsed.data);
}

/** The entries that results hold, which may be somebody else's. Throws an Error that says which of them is none, and why. */
export function knownFailuresIn(list: readonly unknown[]): KnownFailure[] {
  const parsed = knownFailuresGrammar.safeParse(list);
  const [issue] = parsed.error?.issues ?? [];
  if (!parsed.success) throw new Error(`known.entries: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
  const [wrong] = wrongPatterns(parsed.data);
  if (wrong !== undefined) throw new Error(`known.entries: ${wrong.at.join('.')}: ${wrong.problem}`);
  return entriesOf(parsed.data);
}

/** Patterns that are none, and where they stand. */
function wrongPatterns(
  list: z.infer<typeof knownFailuresGrammar>,
): { readonly at: readonly (string | number)[]; readonly problem: string }[] {
  return list.flatMap((entry, i) =>
    (['case', 'checkpoint'] as const).flatMap((key) =>
      [entry[key] ?? []].flat().flatMap((text) => {
        const problem = globProblem(text);
        return problem === undefined ? [] : [{ at: [i, key], problem }];
      }),
    ),
  );
}

/** Whether a measured flake rate has expired on a day (`YYYY-MM-DD`). */
export function expired(flaky: NonNullable<KnownFailure['flaky']>, today: string): boolean {
  return today > flaky.until;
}

/** What tells of which case-run an entry speaks. */
type Concerned = Pick<JudgedRun, 'case' | 'aliases' | 'role' | 'binding'>;

/** A test for case-runs of whose case, role, binding and column (`label` undefined: the implementation has no columns) an entry speaks. */
export function concerns(entry: KnownFailure, label: string | undefined): (run: Concerned) => boolean {
  if (!isOfColumn(entry, label)) return () => false;
  const isMeant = anyGlob(entry.case);
  return (run) =>
    (entry.role === undefined || entry.role === run.role) &&
    (entry.binding === undefined || entry.binding === run.binding) &&
    [run.case, ...(run.aliases ?? [])].some(isMeant);
}

function isOfColumn({ versions }: KnownFailure, label: string | undefined): boolean {
  return versions === undefined || (label !== undefined && versions.includes(label));
}

/** Gives the entries that speak of a case-run. */
export type Concerning = (run: Concerned) => readonly KnownFailure[];

/** Of a list, and a column. */
export function concerning(entries: readonly KnownFailure[], label: string | undefined): Concerning {
  const tests = entries.map((entry) => ({ entry, isMeant: concerns(entry, label) }));
  return (run) => tests.filter(({ isMeant }) => isMeant(run)).map(({ entry }) => entry);
}

/** Whether a run is of the case with this id, or had it before. */
export function isCalled({ case: name, aliases = [] }: Pick<JudgedRun, 'case' | 'aliases'>, id: string): boolean {
  return name === id || aliases.includes(id);
}

/** True where an entry explains this finding. A finding of the adapter's is explained only by an entry that names it. */
export function explains(entry: KnownFailure, finding: Pick<Finding, 'judge' | 'checkpoint' | 'fingerprint'>): boolean {
  const named = entry.checkpoint !== undefined || entry.fingerprint !== undefined;
  if (finding.judge === 'harness' || (finding.judge === 'adapter' && !named)) return false;
  return (
    (entry.checkpoint === undefined || glob(entry.checkpoint)(finding.checkpoint)) &&
    (entry.fingerprint === undefined || isNamed(finding.fingerprint, entry.fingerprint))
  );
}

/** Whether a fingerprint is the one that is named, or below it where that ends with `/**`: no glob, since one of a crash holds words of others. */
export function isNamed(fingerprint: string, named: string): boolean {
  return fingerprint === named || (named.endsWith('/**') && fingerprint.startsWith(named.slice(0, -'**'.length)));
}

/**
 * Whether a run came as it is listed: what made its verdict is what entries that speak of it say that comes, and not only sometimes. Such a
 * verdict is neither news, nor is anything to be had from asking whether somebody was late.
 */
export function isAsListed(run: JudgedRun, entries: readonly KnownFailure[], strict = false): boolean {
  const steady = entries.filter((entry) => entry.flaky === undefined);
  const findings = run.verdict === 'warn' ? broken(run.findings) : run.verdict === 'fail' ? blocking(run, strict) : [];
  return findings.length > 0 && findings.every((finding) => steady.some((entry) => explains(entry, finding)));
}

/** The findings that made the verdict what it is: broken MUSTs, with `strict` also broken SHOULDs. */
export function blocking(run: Pick<JudgedRun, 'verdict' | 'findings'>, strict: boolean): Finding[] {
  if (run.verdict === 'error') return run.findings.filter((finding) => finding.judge === 'adapter' || finding.judge === 'harness');
  if (run.verdict !== 'fail') return [];
  return broken(run.findings).filter((finding) => strict || finding.level === 'MUST' || finding.level === 'MUST-NOT');
}

/** The findings of a run that are no questions. */
function broken(findings: readonly Finding[]): Finding[] {
  return findings.filter(({ question, judge }) => question === undefined && judge !== 'harness');
}

/** How a run stands to what is known. */
export type Expectedness =
  | { readonly expected: 'as-expected' }
  | { readonly expected: 'known-failure'; readonly entry: KnownFailure }
  /** `unexplained`: the findings that no entry explains. */
  | { readonly expected: 'new-failure'; readonly unexplained: readonly Finding[] }
  /** It passes, and an entry says it does not. */
  | { readonly expected: 'stale-known-failure'; readonly entry: KnownFailure };

/**
 * Compares a run with the known failures that speak of it. A failure is known when each of its blocking findings is explained by an entry;
 * the first such entry is given. A skipped run is as expected. A run that now passes makes entries stale that list its case
 * by id; for globs and measured flakes see `staleEntries`.
 */
export function expectednessOf(run: JudgedRun, entries: readonly KnownFailure[], strict = false): Expectedness {
  if (isFine(run.verdict)) {
    // What only warns here fails where warnings do; the entry that says so is right.
    const warned = broken(run.findings);
    const exact = entries
      .filter((entry) => !warned.some((finding) => explains(entry, finding)))
      .find((entry) => entry.flaky === undefined && [entry.case].flat().includes(run.case));
    return exact === undefined ? { expected: 'as-expected' } : { expected: 'stale-known-failure', entry: exact };
  }
  if (run.verdict === 'skip' || run.verdict === 'unclear') return { expected: 'as-expected' };
  const findings = blocking(run, strict);
  const unexplained = findings.filter((finding) => !entries.some((entry) => explains(entry, finding)));
  const entry = entries.find((candidate) => findings.some((finding) => explains(candidate, finding)));
  if (unexplained.length > 0 || entry === undefined) return { expected: 'new-failure', unexplained };
  return { expected: 'known-failure', entry };
}

/** Entries that explained nothing although runs they speak of were judged: they should be deleted. */
export function staleEntries(
  runs: readonly JudgedRun[],
  entries: readonly KnownFailure[],
  label: string | undefined,
  strict = false,
): KnownFailure[] {
  return entries.filter((entry) => {
    const { judged, failed } = tally(runs, entry, label, strict);
    if (entry.flaky !== undefined) return judged > 0 && judgeFlake(entry.flaky, failed, judged) === 'fails-too-seldom';
    return judged > 0 && failed === 0;
  });
}

/** Flaky entries whose cases fail more often than was measured: that is news. */
export function worsenedEntries(
  runs: readonly JudgedRun[],
  entries: readonly KnownFailure[],
  label: string | undefined,
  strict = false,
): KnownFailure[] {
  return entries.filter((entry) => {
    if (entry.flaky === undefined) return false;
    const { judged, failed } = tally(runs, entry, label, strict);
    return judged > 0 && judgeFlake(entry.flaky, failed, judged) === 'fails-too-often';
  });
}

/** How many judged runs an entry speaks of, and how many of them fail as it says. */
export function tally(
  runs: readonly JudgedRun[],
  entry: KnownFailure,
  label: string | undefined,
  strict: boolean,
): { readonly judged: number; readonly failed: number } {
  const isMeant = concerns(entry, label);
  const judged = runs.filter((run) => run.verdict !== 'skip' && run.verdict !== 'unclear' && isMeant(run));
  // An entry of a list that was written with --strict is about what only warns without it.
  const failed = judged.filter((run) => [...blocking(run, strict), ...broken(run.findings)].some((finding) => explains(entry, finding)));
  return { judged: judged.length, failed: failed.length };
}

/** Entries that speak of no run at all: a mistyped or renamed case. Only meaningful over a whole corpus. */
export function unmatchedEntries(runs: readonly JudgedRun[], entries: readonly KnownFailure[], label: string | undefined): KnownFailure[] {
  return entries.filter((entry) => isOfColumn(entry, label) && !runs.some(concerns(entry, label)));
}
