import { createHash } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import type { Protocol } from '../../protocols/common/protocol.ts';
import type { Trace } from '../../protocols/common/trace.ts';
import { toTagged } from '../../protocols/common/value.ts';
import type { Corpus } from '../cases/case.ts';
import { loadProtocol } from '../cli/load.ts';
import { type Completed, type CorpusRun, type RunEnds, runCorpus } from '../execute/corpus-run.ts';
import { type GoldenSource, goldenSource } from '../execute/golden.ts';
import { type EndFacts, type PlannedRun, plan } from '../plan/plan.ts';
import type { protocolEntry } from '../registry.ts';
import { simulatedWorld } from '../worlds/simulated/index.ts';
import type { World } from '../worlds/world.ts';
import { fuzzed } from './fuzzed.ts';
import type { Job, Witness, WorkerMessage, WorkerSetup } from './messages.ts';
import { nearestFirst } from './nearest-first.ts';

/** Runs the corpus against patched peers in a thread of its own, so that one which hangs can be ended. */
interface Bench {
  readonly setup: WorkerSetup;
  readonly protocol: Protocol;
  readonly corpus: Corpus;
  readonly world: World;
  readonly golden: GoldenSource;
  readonly reference: Pick<RunEnds, 'client' | 'server'>;
}

const REFERENCE: Omit<EndFacts, 'codecs'> = {
  name: 'reference',
  version: '',
  reference: true,
  roles: ['client', 'server'],
  features: [],
};

async function openBench(setup: WorkerSetup): Promise<Bench> {
  const { protocol, corpus, entry } = await loadProtocol(setup.protocol);
  const world = simulatedWorld();
  const reference = {
    client: { kind: 'reference', make: await entry.makeClient() },
    server: { kind: 'reference', make: await entry.makeServer(corpus.services) },
  } as const;
  return { setup, protocol, corpus, world, reference, golden: goldenSource(world, reference) };
}

/** Runs every case for the job's role; gives how many case-runs there were. */
async function carryOut(bench: Bench, job: Job, report: (message: WorkerMessage) => void): Promise<number> {
  const { protocol, corpus, world, golden, setup } = bench;
  const ends = { ...bench.reference, ...(await patchedEnd(bench, job)), shared: () => false, stderr: () => undefined };
  let runs = 0;
  let noticed = false;
  const corpusRun: CorpusRun = {
    protocol,
    requirements: corpus.requirements,
    procedureKinds: corpus.procedureKinds,
    world,
    golden,
    withEnds: (assignment, _alone, use) => {
      report({ kind: 'begin', run: assignment.id, case: assignment.case.id });
      return use(ends);
    },
    seed: setup.seed,
    strict: false,
    concurrency: 1,
    now: () => performance.now(),
    stopped: () => job.quick && noticed,
  };
  const done = ({ assignment, judged, performance: played }: Completed): void => {
    runs += 1;
    if (job.digests && played !== undefined) report({ kind: 'recorded', run: assignment.id, digest: digestOf(played.wholeTrace) });
    if (judged.verdict === 'pass') return;
    noticed = true;
    report({ kind: 'noticed', run: assignment.id, case: assignment.case.id, witnesses: witnesses(judged) });
  };
  if (setup.fuzzMs !== undefined) {
    const failure = await fuzzed({ protocol, catalogue: corpus, run: corpusRun }, job.role, setup.fuzzMs);
    if (failure.completed !== undefined) done(failure.completed);
    return failure.runs;
  }
  // Case by case, since a run of many orders them by how long they wait.
  for (const unit of nearestFirst(assignments(bench, job), job.subject)) await runCorpus(corpusRun, unit, done);
  return runs;
}

/** The end under test, out of the job's own copy of the peers and all they import. */
async function patchedEnd({ setup, corpus }: Bench, job: Job): Promise<Partial<Pick<RunEnds, 'client' | 'server'>>> {
  const built: { readonly registry: { readonly [name: string]: ReturnType<typeof protocolEntry> } } = await import(job.registry);
  const entry = built.registry[setup.protocol];
  if (entry === undefined) throw new Error(`${job.registry} has no protocol ${setup.protocol}`);
  if (job.role === 'client') return { client: { kind: 'reference', make: await entry.makeClient() } };
  return { server: { kind: 'reference', make: await entry.makeServer(corpus.services) } };
}

function assignments({ protocol, corpus, setup }: Bench, job: Job): PlannedRun[] {
  const [first] = protocol.codecs;
  const end: EndFacts = { ...REFERENCE, codecs: protocol.codecs };
  const selection = { patterns: setup.patterns, tags: undefined, requirements: undefined, codecs: undefined };
  const planned = plan(corpus, selection, { underTest: end, peer: end }, { codecs: protocol.codecs });
  const without = new Set(job.without);
  const only = job.only === 'all' ? undefined : new Set(job.only);
  const inCodec = (run: PlannedRun): boolean => job.codecs === 'all' || run.codec === (run.case.codecs?.[0] ?? first);
  const ownRole = planned.filter(({ role, skip }) => role === job.role && skip === undefined);
  return ownRole.filter((run) => !without.has(run.id) && only?.has(run.id) !== false && inCodec(run));
}

function witnesses(judged: Completed['judged']): Witness[] {
  const found = new Map<string, Witness>();
  for (const { judge, checkpoint, message } of judged.findings) found.set(`${judge} ${checkpoint}`, { judge, checkpoint, message });
  return found.size > 0 ? [...found.values()] : [{ judge: 'harness', checkpoint: 'not-reached', message: 'a checkpoint was not reached' }];
}

/** Equal for traces that are equal to the byte and the millisecond. What is decoded says nothing that the bytes do not. */
function digestOf(trace: Trace): string {
  const bare = trace.map((event) => ('decoded' in event ? { ...event, decoded: undefined } : event));
  return createHash('sha1')
    .update(JSON.stringify(toTagged(bare)))
    .digest('base64');
}

const port = parentPort;
if (port !== null) {
  const report = (message: WorkerMessage): void => port.postMessage(message);
  const bench = await openBench(workerData as WorkerSetup);
  // A patched peer's stray promise must not take the other peers of this thread with it; its case shows the damage.
  process.on('unhandledRejection', () => undefined);
  port.on('message', async (job: Job) => {
    try {
      report({ kind: 'done', runs: await carryOut(bench, job, report) });
    } catch (error) {
      report({ kind: 'broken', reason: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
  report({ kind: 'ready' });
}
