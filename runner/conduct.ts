import type { MakeReferenceClient, MakeReferenceServer, Protocol } from '../protocols/common/protocol.ts';
import type { Profile } from '../protocols/common/requirement.ts';
import { concerning, isAsListed, type KnownFailure } from './adapters/known-failures.ts';
import type { OpenImplementation } from './adapters/pool.ts';
import { type Evidence, keepEvidence } from './bundles/keep.ts';
import type { Corpus } from './cases/case.ts';
import { type Confirming, type FirstRun, runConfirmed } from './confirm.ts';
import type { Completed, CorpusRun } from './execute/case-run.ts';
import { goldenSource } from './execute/golden.ts';
import { endsFrom } from './execute/implementation-ends.ts';
import { referenceEnds } from './execute/reference-ends.ts';
import type { Masker } from './masking/masker.ts';
import { maskerSource } from './masking/of-run.ts';
import type { Secrets } from './masking/secrets.ts';
import { packageRoot } from './package-root.ts';
import type { CaseSet } from './plan/case-set.ts';
import type { PlannedRun } from './plan/plan.ts';
import { type Assembly, completedRun, endName, skippedRun, totalsOf } from './results/assemble.ts';
import type { CaseRun, Results } from './results/result.ts';
import { brokeItsAdapter, isNews } from './results/standing.ts';
import { told } from './results/told.ts';
import { type DisplacedRun, type UnkeptRun, warningsOf } from './results/warnings.ts';
import { standsDespite } from './stands-despite.ts';
import { adviceFor } from './worlds/run-errors.ts';
import type { World } from './worlds/world.ts';

/** Of which runs traces are kept as files; bundles are kept of all that fail, unless it is `none`. */
export type TracePolicy = 'all' | 'failed' | 'none';

/**
 * What is told only after a second run, apart: news of an implementation (`news`), and what everyone was too slow for, as an adapter's
 * process often is in its first run (`news`, `too-slow`).
 */
export type Confirmation = 'news' | 'too-slow' | 'never';

/** Everything a run of the corpus needs; made by the command line, or by tests. */
export interface Conduct {
  readonly protocol: Protocol;
  readonly corpus: Corpus;
  readonly makeClient: MakeReferenceClient;
  readonly makeServer: MakeReferenceServer;
  /** The world that implementations and runs live in. */
  readonly world: World;
  /** The same, with time that passes more slowly for the ends: for what a machine is too slow to tell at the usual pace. */
  readonly slower?: World | undefined;
  /** Where times are as they are nominally, for implementations whose timers cannot be scaled. */
  readonly unscaled?: World | undefined;
  /** Where golden traces are made. */
  readonly simulated: World;
  readonly planned: readonly PlannedRun[];
  readonly implementation: OpenImplementation | undefined;
  /** The implementation that plays the other end; undefined: a reference peer does. */
  readonly against?: OpenImplementation | undefined;
  readonly knownFailures: readonly KnownFailure[];
  readonly label: string | undefined;
  readonly seed: number;
  readonly strict: boolean;
  /** By which the requirements of the corpus were ruled; goes into bundles. */
  readonly profile?: Profile | undefined;
  /** The frozen set that is scored against. */
  readonly set?: CaseSet | undefined;
  readonly concurrency: number;
  /** Longest that the steps of a case may take together, ms of the world; undefined: their own waits and some slack. */
  readonly timeoutMs?: number | undefined;
  /** What must not be told. */
  readonly secrets: Secrets;
  /** Every case-run in an adapter process of its own. */
  readonly isolate?: boolean;
  readonly confirm: Confirmation;
  readonly version: string;
  /** What `--implementation` said. */
  readonly implementationName?: string | undefined;
  /** Folder for traces and bundles; undefined: none are written. */
  readonly output: string | undefined;
  readonly traces: TracePolicy;
  readonly reproduce: (planned: PlannedRun) => string;
  readonly now: () => number;
  readonly startedAt: string;
  readonly stopped: () => boolean;
  /** After how many case-runs that break the build no more are begun. */
  readonly bail?: number | undefined;
  /** Hears of each case-run as it begins. */
  readonly onBegin?: ((id: string) => void) | undefined;
  /** Hears of each case-run, skipped ones first. */
  readonly onCaseRun: (run: CaseRun, completed: Completed | undefined) => void;
  /** Hears of each case-run whose trace or bundle could not be written; the results tell of them too. */
  readonly onUnkept?: (run: UnkeptRun) => void;
}

/** Runs what was planned and gives the published results, in the plan's order. */
export async function conduct(conduct: Conduct): Promise<Results> {
  const started = conduct.now();
  const { protocol, corpus, world } = conduct;
  const assembly: Assembly = {
    protocol,
    requirements: corpus.requirements,
    listed: concerning(conduct.knownFailures, conduct.label),
    strict: conduct.strict,
    set: conduct.set,
    timeScale: world.timeScale,
    reproduce: conduct.reproduce,
    masker: conduct.secrets.masker,
  };
  const maskerOf = maskerSource(conduct);
  const runs = new Map<string, CaseRun>();
  const byId = new Map(conduct.planned.map((planned) => [planned.id, planned]));
  const report = (run: CaseRun, completed: Completed | undefined): void => {
    runs.set(run.id, run);
    conduct.onCaseRun(run, completed);
  };
  for (const planned of conduct.planned) {
    if (planned.skip !== undefined) report(skippedRun(planned, planned.skip, assembly), undefined);
  }
  const reference = referenceEnds(conduct.makeClient, conduct.makeServer);
  const inWorld = (there: World): Pick<CorpusRun, 'world' | 'withEnds'> => ({
    world: there,
    withEnds: endsFrom(reference, conduct.implementation, there, conduct.timeoutMs, conduct.against),
  });
  const isPair = conduct.implementation === undefined && conduct.against === undefined;
  const corpusRun: CorpusRun = {
    protocol,
    requirements: corpus.requirements,
    procedureKinds: corpus.procedureKinds,
    ...inWorld(world),
    golden: goldenSource(conduct.simulated, reference),
    goldenUse: isPair ? 'needed' : 'always',
    sameEnds: isPair,
    seed: conduct.seed,
    strict: conduct.strict,
    opponent: conduct.against?.info.name,
    company: conduct.isolate ? 'alone' : 'shared',
    timeoutMs: conduct.timeoutMs,
    concurrency: conduct.concurrency,
    now: conduct.now,
    begun: conduct.onBegin,
    stopped: conduct.stopped,
  };
  const publish = async (completed: Completed, before?: FirstRun): Promise<CaseRun | undefined> => {
    const planned = byId.get(completed.assignment.id);
    if (planned === undefined) return undefined;
    const masker = maskerOf(planned, completed);
    const { timeScale } = completed;
    const judged = completedRun(planned, completed, { ...assembly, timeScale }, { stderr: completed.stderr, masker });
    // Its trace and its bundle are kept already.
    if (before !== undefined && standsDespite(judged, before, assembly.listed)) {
      return { ...before.first, confirmed: false, apart: judged.verdict };
    }
    const run = { ...judged, ...(await kept(planned, completed, judged, masker)) };
    if (before === undefined) return run;
    if (run.verdict === before.first.verdict) return { ...run, confirmed: true };
    // As it was judged there: the warning that comes of it says itself that the machine may have been too slow.
    return { ...run, confirmed: false, beside: before.completed.judged.verdict };
  };
  const kept = async (
    planned: PlannedRun,
    completed: Completed,
    judged: CaseRun,
    masker: Masker,
  ): Promise<Pick<CaseRun, 'trace' | 'bundle'>> => {
    if (evidence === undefined) return {};
    try {
      return await keepEvidence(planned, completed, judged, { ...evidence, timeScale: completed.timeScale }, masker);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
      if (code === undefined) throw error;
      // The verdict is worth more than what shows it.
      const run = { id: judged.id, reason: [code, adviceFor(code)].filter((part) => part !== undefined).join(': ') };
      unkept.push(run);
      conduct.onUnkept?.(run);
      return {};
    }
  };
  const unkept: UnkeptRun[] = [];
  const displaced: DisplacedRun[] = [];
  const evidence = evidenceOf(conduct);
  const assignments = conduct.planned.filter((planned) => planned.skip === undefined);
  const confirming: Omit<Confirming, 'run' | 'assignments'> = {
    async publish(completed, before) {
      const { displaced: cause, assignment } = completed;
      if (cause !== undefined && before === undefined)
        displaced.push({ id: assignment.id, message: told(cause.message, conduct.secrets.masker) });
      return publish(completed, before);
    },
    stands: (second, before) => standsDespite(second, before, assembly.listed),
    isDoubtful(run, { displaced: cause }) {
      if (conduct.confirm === 'never') return false;
      if (run.verdict === 'unclear') return true;
      if (conduct.confirm !== 'news' || !isNews(run) || isAsListed(run, assembly.listed(run), conduct.strict)) return false;
      // A run that broke one process after another is sure of that; anything else may come of what went on beside it.
      return cause === undefined || !brokeItsAdapter(run);
    },
    report,
    bail: conduct.bail ?? Number.POSITIVE_INFINITY,
    endShared: async () => {
      await Promise.all([conduct.implementation?.endShared(), conduct.against?.endShared()]);
    },
  };
  const { slower, unscaled } = conduct;
  const slowly = slower === undefined ? undefined : { ...corpusRun, ...inWorld(slower) };
  await runConfirmed({ ...confirming, run: corpusRun, slower: slowly, assignments: assignments.filter((each) => !each.unscaled) });
  const asTheyAre = assignments.filter((each) => each.unscaled);
  if (unscaled !== undefined) await runConfirmed({ ...confirming, run: { ...corpusRun, ...inWorld(unscaled) }, assignments: asTheyAre });
  const ordered = conduct.planned.flatMap((planned) => runs.get(planned.id) ?? []);
  const concurrency = conduct.implementation?.info.concurrency;
  const warnings = warningsOf({ runs: ordered, displaced, unkept, planned: conduct.planned.length, concurrency });
  const [first] = conduct.planned;
  const underTest = conduct.implementation === undefined || first === undefined ? undefined : first[first.role];
  return {
    schema: 'weir-results/1',
    weir: conduct.version,
    protocol: protocol.name,
    startedAt: conduct.startedAt,
    durationMs: conduct.now() - started,
    world: world.name,
    seed: conduct.seed,
    timeScale: world.timeScale,
    ...(underTest === undefined ? {} : { implementation: endName(underTest) }),
    ...totalsOf(ordered, conduct.set?.name),
    ...(warnings.length === 0 ? {} : { warnings }),
    runs: ordered,
  };
}

function evidenceOf({ output, traces, world, implementationName, ...conduct }: Conduct): Evidence | undefined {
  if (output === undefined || traces === 'none') return undefined;
  const implementation = implementationName === undefined ? undefined : { named: implementationName, label: conduct.label };
  const { timeScale } = world;
  const redact = conduct.secrets.configured;
  return { ...conduct, redact, output, all: traces === 'all', world: world.name, timeScale, implementation, root: packageRoot() };
}
