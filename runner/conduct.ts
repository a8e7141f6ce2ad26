import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Role } from '../protocols/common/frame.ts';
import type { MakeReferenceClient, MakeReferenceServer, Protocol } from '../protocols/common/protocol.ts';
import type { KnownFailure } from './adapters/known-failures.ts';
import type { OpenImplementation } from './adapters/pool.ts';
import type { Corpus } from './cases/case.ts';
import { type Completed, type CorpusRun, type RunEnds, runCorpus, type WithEnds } from './execute/corpus-run.ts';
import { goldenSource } from './execute/golden.ts';
import type { PlannedRun } from './plan/plan.ts';
import { type Assembly, completedRun, endName, skippedRun, summarise } from './results/assemble.ts';
import type { CaseRun, Results } from './results/result.ts';
import { traceRecord } from './results/trace-record.ts';
import type { World } from './worlds/world.ts';

/** Confirming runs that go on at once: each has a process of its own. */
const CONFIRMATIONS_AT_A_TIME = 4;

/** Which traces are kept as files. */
export type TracePolicy = 'all' | 'failed' | 'none';

/** Everything a run of the corpus needs; made by the command line, or by tests. */
export interface Conduct {
  readonly protocol: Protocol;
  readonly corpus: Corpus;
  readonly makeClient: MakeReferenceClient;
  readonly makeServer: MakeReferenceServer;
  /** The world that implementations and runs live in. */
  readonly world: World;
  /** Where golden traces are made. */
  readonly simulated: World;
  readonly planned: readonly PlannedRun[];
  readonly implementation: OpenImplementation | undefined;
  readonly knownFailures: readonly KnownFailure[];
  readonly label: string | undefined;
  readonly seed: number;
  readonly strict: boolean;
  readonly concurrency: number;
  /** Whether news of an implementation is confirmed by a second run, apart, before it is told. */
  readonly confirm: boolean;
  readonly version: string;
  /** Folder for traces; undefined: none are written. */
  readonly output: string | undefined;
  readonly traces: TracePolicy;
  readonly reproduce: (planned: PlannedRun) => string;
  readonly now: () => number;
  readonly startedAt: string;
  readonly stopped: () => boolean;
  /** Hears of each case-run, skipped ones first. */
  readonly onCaseRun: (run: CaseRun, completed: Completed | undefined) => void;
}

/** Runs what was planned and gives the published results, in the plan's order. */
export async function conduct(conduct: Conduct): Promise<Results> {
  const started = conduct.now();
  const { protocol, corpus, world } = conduct;
  const assembly: Assembly = {
    protocol,
    requirements: corpus.requirements,
    knownFailures: conduct.knownFailures,
    label: conduct.label,
    strict: conduct.strict,
    timeScale: world.timeScale,
    reproduce: conduct.reproduce,
  };
  const runs = new Map<string, CaseRun>();
  const byId = new Map(conduct.planned.map((planned) => [planned.id, planned]));
  const report = (run: CaseRun, completed: Completed | undefined): void => {
    runs.set(run.id, run);
    conduct.onCaseRun(run, completed);
  };
  for (const planned of conduct.planned) {
    if (planned.skip !== undefined) report(skippedRun(planned, planned.skip, assembly), undefined);
  }
  const reference = {
    client: { kind: 'reference', make: conduct.makeClient },
    server: { kind: 'reference', make: conduct.makeServer },
  } as const;
  const corpusRun: CorpusRun = {
    protocol,
    requirements: corpus.requirements,
    procedureKinds: corpus.procedureKinds,
    world,
    golden: goldenSource(conduct.simulated, reference),
    withEnds: endsOf(reference, conduct.implementation),
    seed: conduct.seed,
    strict: conduct.strict,
    concurrency: conduct.concurrency,
    now: conduct.now,
    stopped: conduct.stopped,
  };
  const publish = async (completed: Completed, first?: CaseRun): Promise<CaseRun | undefined> => {
    const planned = byId.get(completed.assignment.id);
    if (planned === undefined) return undefined;
    const trace = await keepTrace(conduct, planned, completed);
    const run = completedRun(planned, completed, assembly, { trace, stderr: completed.stderr });
    return first === undefined ? run : { ...run, confirmed: run.verdict === first.verdict };
  };
  const news = new Map<string, { readonly run: CaseRun; readonly completed: Completed }>();
  const assignments = conduct.planned.filter((planned) => planned.skip === undefined);
  await runCorpus(corpusRun, assignments, async (completed) => {
    const run = await publish(completed);
    if (run === undefined) return;
    if (conduct.confirm && isNews(run)) news.set(run.id, { run, completed });
    else report(run, completed);
  });
  // In a shared process another run may have starved this one. What is not run again, since the run was stopped, is told as it was.
  const again = assignments.filter(({ id }) => news.has(id));
  await runCorpus({ ...corpusRun, alone: true, concurrency: CONFIRMATIONS_AT_A_TIME }, again, async (completed) => {
    const run = await publish(completed, news.get(completed.assignment.id)?.run);
    if (run !== undefined) report(run, completed);
  });
  for (const [id, { run, completed }] of news) if (!runs.has(id)) report(run, completed);
  const ordered = conduct.planned.flatMap((planned) => runs.get(planned.id) ?? []);
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
    summary: summarise(ordered),
    runs: ordered,
  };
}

/** A verdict that decides the exit code and that no list explains. */
function isNews(run: CaseRun): boolean {
  return (run.expected === 'new-failure' && run.verdict !== 'warn') || run.expected === 'stale-known-failure';
}

function endsOf(reference: Pick<RunEnds, 'client' | 'server'>, implementation: OpenImplementation | undefined): WithEnds {
  if (implementation === undefined)
    return (_assignment, _alone, use) => use({ ...reference, shared: () => false, stderr: () => undefined });
  return async (assignment, alone, use) => {
    const lease = await implementation.acquire({ alone });
    const { failed } = lease;
    const ends: Record<Role, Pick<RunEnds, 'client' | 'server'>> = {
      client: { ...reference, client: { kind: 'implementation', peer: async (events) => lease.client(events), failed } },
      server: { ...reference, server: { kind: 'implementation', peer: async (events) => lease.server(events), failed } },
    };
    try {
      return await use({ ...ends[assignment.role], shared: () => lease.shared(), stderr: () => lease.stderr() });
    } finally {
      await lease.release();
    }
  };
}

/** Writes the trace of a run where the policy wants it, and gives its path relative to the output folder. */
async function keepTrace(conduct: Conduct, planned: PlannedRun, completed: Completed): Promise<string | undefined> {
  const { performance, judged } = completed;
  const wanted = conduct.traces === 'all' || (conduct.traces === 'failed' && judged.verdict !== 'pass');
  if (conduct.output === undefined || performance === undefined || !wanted) return undefined;
  const path = join('traces', `${planned.id.replaceAll(/[^\w@+#.-]/g, '-')}.jsonl`);
  const lines = performance.wholeTrace.map((event) => JSON.stringify(traceRecord(event, conduct.protocol, planned.codec)));
  await mkdir(join(conduct.output, dirname(path)), { recursive: true });
  await writeFile(join(conduct.output, path), `${lines.join('\n')}\n`);
  return path;
}
