import { createHash } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { bindingNames } from '../../protocols/common/binding.ts';
import type { Protocol } from '../../protocols/common/protocol.ts';
import type { Trace } from '../../protocols/common/trace.ts';
import { toTagged } from '../../protocols/common/value.ts';
import type { Corpus } from '../cases/case.ts';
import { loadProtocol } from '../cli/load.ts';
import type { Completed, CorpusRun } from '../execute/case-run.ts';
import { runCorpus } from '../execute/corpus-run.ts';
import { type GoldenSource, goldenSource } from '../execute/golden.ts';
import { inProcess, type ReferenceEnds, referenceEnds } from '../execute/reference-ends.ts';
import { chooseRuns } from '../plan/choose.ts';
import { type PlannedRun, plan } from '../plan/plan.ts';
import { referenceFacts } from '../plan/reference-facts.ts';
import { LONG } from '../plan/select.ts';
import type { protocolEntry } from '../registry.ts';
import { expandSweep } from '../sweep/expand.ts';
import { simulatedWorld } from '../worlds/simulated/index.ts';
import type { World } from '../worlds/world.ts';
import { distilled, SHORTENING_MS } from './distilled.ts';
import { fuzzed } from './fuzzed.ts';
import { tellLife } from './life.ts';
import { bindingRules } from './matrix.ts';
import type { Job, JobDone, Witness, WorkerMessage, WorkerSetup, WorkerStart } from './messages.ts';
import { nearestFirst, type Units, unitsOf } from './nearest-first.ts';
import { REACHED, reachedOf } from './probes.ts';
import { spread, type Trial } from './trial.ts';

/** Runs the corpus against patched peers in a thread of its own, so that one which hangs can be ended. */
interface Bench {
  readonly setup: WorkerSetup;
  readonly life: SharedArrayBuffer;
  readonly protocol: Protocol;
  readonly corpus: Corpus;
  readonly world: World;
  readonly golden: GoldenSource;
  /** What there is to run, and what a sweep derives of it, by role and bindings: the same for each peer. */
  readonly planned: Map<string, Promise<Units<PlannedRun>>>;
  readonly reference: ReferenceEnds;
}

async function openBench({ setup, life }: WorkerStart): Promise<Bench> {
  const { protocol, corpus, entry } = await loadProtocol(setup.protocol);
  const world = simulatedWorld();
  const reference = referenceEnds(await entry.makeClient(), await entry.makeServer(corpus.services));
  return { setup, life, protocol, corpus, world, reference, golden: goldenSource(world, reference), planned: new Map() };
}

/** Runs every case for the job's role. */
async function carryOut(bench: Bench, job: Job, report: (message: WorkerMessage) => void): Promise<JobDone> {
  const { protocol, corpus, world, golden, setup } = bench;
  const reachedNow = watch(job);
  const patched = { ...bench.reference, ...(await patchedEnd(bench, job)) };
  // What runs when the peers are made decides for every case-run.
  const always = reachedNow();
  const ends = inProcess(patched);
  let runs = 0;
  let noticed = false;
  const digests = new Map<string, string>();
  const reached = new Map<string, string[]>(job.watched.map(({ id }) => [id, []]));
  // A bug that breaks a binding rule has to break a build.
  const binding = job.subject.requirements.some(bindingRules(corpus.requirements));
  const corpusRun: CorpusRun = {
    protocol,
    requirements: corpus.requirements,
    procedureKinds: corpus.procedureKinds,
    world,
    golden,
    goldenUse: 'needed',
    withEnds: async (assignment, _alone, use) => {
      tellLife(bench.life, { run: assignment.id, case: assignment.case.id, long: assignment.case.tags.includes(LONG) });
      const used = await use(ends);
      // What a former one left running counts, too.
      for (const id of new Set([...always, ...reachedNow()])) reached.get(id)?.push(assignment.id);
      return used;
    },
    seed: setup.seed,
    strict: false,
    concurrency: 1,
    now: () => performance.now(),
    stopped: () => (job.quick || setup.by.kind === 'distil') && noticed,
  };
  const done = ({ assignment, judged, performance: played }: Completed): void => {
    runs += 1;
    if (job.digests && played !== undefined) digests.set(assignment.id, digestOf(played.wholeTrace));
    if (judged.verdict === 'pass') return;
    const breaks = judged.verdict === 'fail' || judged.verdict === 'error';
    noticed ||= breaks || !binding;
    report({
      kind: 'noticed',
      run: assignment.id,
      case: assignment.case.id,
      breaks,
      verdict: judged.verdict,
      witnesses: witnesses(judged),
    });
  };
  /** What notices the peer is not told, but what is distilled of it. */
  const doneOnce = async (completed: Completed): Promise<void> => {
    runs += 1;
    const { verdict } = completed.judged;
    if (setup.by.kind !== 'distil' || noticed || (verdict !== 'fail' && (binding || verdict === 'pass'))) return;
    noticed = true;
    // Whether a case shows the bug can be told without making it short.
    const shortening = job.quick ? 0 : SHORTENING_MS;
    const both = { ...bench, patched };
    const { remark, completed: again } = await distilled(protocol, corpus, corpusRun, both, completed, setup.by.source, shortening);
    report({ kind: 'remark', text: `${completed.assignment.id}: ${remark}` });
    if (again !== undefined) done(again);
  };
  if (setup.by.kind === 'fuzz') {
    const failure = await fuzzed({ protocol, catalogue: corpus, run: corpusRun }, bench.reference, job.role, setup.by.forMs);
    if (failure.completed !== undefined) done(failure.completed);
    return { runs: failure.runs, digests, reached };
  }
  // Case by case, since a run of many orders them by how long they wait.
  for (const unit of await assignments(bench, job, setup.by)) {
    if (corpusRun.stopped()) break;
    await runCorpus(corpusRun, unit, setup.by.kind === 'distil' ? doneOnce : done);
  }
  return { runs, digests, reached };
}

/** Prepares for the probes of a registry that is yet to be imported; gives what has been reached since it was asked before. */
function watch({ watched }: Job): () => readonly string[] {
  if (watched.length === 0) return () => [];
  const probes = new Uint8Array(1 + Math.max(...watched.flatMap(({ probes: own }) => own)));
  Reflect.set(globalThis, REACHED, probes);
  return () => reachedOf(watched, probes);
}

/** The end under test, out of the job's own copy of the peers and all they import. */
async function patchedEnd({ setup, corpus }: Bench, { id, role, bindings, registry: path }: Job): Promise<Partial<ReferenceEnds>> {
  // A copy for each job, though several share a registry.
  const registry = `${pathToFileURL(path).href}?${id}-${role}-${bindings}`;
  const built: { readonly registry: { readonly [name: string]: ReturnType<typeof protocolEntry> } } = await import(registry);
  const entry = built.registry[setup.protocol];
  if (entry === undefined) throw new Error(`${registry} has no protocol ${setup.protocol}`);
  if (role === 'client') return { client: { kind: 'reference', make: await entry.makeClient() } };
  return { server: { kind: 'reference', make: await entry.makeServer(corpus.services) } };
}

/** What the job is to run, case by case. */
async function assignments(bench: Bench, job: Job, by: Exclude<Trial, { kind: 'fuzz' }>): Promise<Iterable<PlannedRun[]>> {
  const key = `${job.role} ${job.bindings}`;
  const planned = bench.planned.get(key) ?? plannedUnits(bench, job, by);
  bench.planned.set(key, planned);
  const without = new Set(job.without);
  const only = job.only === 'all' ? undefined : new Set(job.only);
  const isMeant = (run: PlannedRun): boolean => !without.has(run.id) && only?.has(run.id) !== false && isWorthwhile(run, job);
  return meantOf(nearestFirst(await planned, job.subject), isMeant);
}

/** Each only once it is asked for: most jobs end with one of the first. */
function* meantOf(units: readonly PlannedRun[][], isMeant: (run: PlannedRun) => boolean): Iterable<PlannedRun[]> {
  for (const unit of units) {
    const meant = unit.filter(isMeant);
    if (meant.length > 0) yield meant;
  }
}

async function plannedUnits(bench: Bench, job: Job, by: Exclude<Trial, { kind: 'fuzz' }>): Promise<Units<PlannedRun>> {
  return unitsOf(by.kind === 'sweep' ? spread(await sweptRuns(bench, job), by.runs) : plannedRuns(bench, job));
}

/** All variants of the nominal cases. */
function sweptRuns(bench: Bench, job: Job): Promise<readonly PlannedRun[]> {
  const { protocol, corpus, golden, setup } = bench;
  const { seed } = setup;
  const goldenOf = (run: PlannedRun) => golden.of({ ...run, protocol, procedureKinds: corpus.procedureKinds, seed, timeoutMs: undefined });
  return expandSweep(plannedRuns(bench, job), { ok: true, kinds: [], variants: [] }, protocol, goldenOf);
}

function plannedRuns({ protocol, corpus, setup }: Bench, job: Job): PlannedRun[] {
  const [first] = bindingNames(protocol);
  const end = referenceFacts(protocol);
  const selection = { patterns: setup.patterns, long: true };
  const planned = plan(corpus, selection, { underTest: end, peer: end }, { bindings: bindingNames(protocol) });
  const inBinding = (run: PlannedRun): boolean => job.bindings === 'all' || run.binding === (run.case.bindings?.[0] ?? first);
  const meant = planned.filter((run) => run.role === job.role && run.skip === undefined && inBinding(run));
  return [...chooseRuns(meant, setup.axes).planned];
}

/** What takes long is run only for peers that it is about. */
function isWorthwhile({ case: { tags, requirements } }: PlannedRun, { only, subject }: Job): boolean {
  return !tags.includes(LONG) || only !== 'all' || requirements.some((id) => subject.requirements.includes(id));
}

function witnesses(judged: Completed['judged']): Witness[] {
  const found = new Map<string, Witness>();
  for (const { judge, checkpoint, message } of judged.findings) found.set(`${judge} ${checkpoint}`, { judge, checkpoint, message });
  return found.size > 0 ? [...found.values()] : [{ judge: 'harness', checkpoint: 'not-reached', message: 'a checkpoint was not reached' }];
}

/** Equal for traces that are equal to the byte and the millisecond. What is decoded says nothing that the bytes do not. */
function digestOf(trace: Trace): string {
  const hash = createHash('sha1');
  const rest = Array.from(trace, (event) => {
    if (!('frame' in event)) return event;
    const { decoded: _saidByTheBytes, frame, ...happened } = event;
    if (!('data' in frame)) return { ...happened, frame };
    hash.update(frame.data);
    return { ...happened, frame: { ...frame, data: frame.data.length } };
  });
  return hash.update(JSON.stringify(toTagged(rest))).digest('base64');
}

const port = parentPort;
if (port !== null) {
  const report = (message: WorkerMessage): void => port.postMessage(message);
  const bench = await openBench(workerData as WorkerStart);
  // A patched peer's stray promise must not take the other peers of this thread with it; its case shows the damage.
  process.on('unhandledRejection', () => undefined);
  port.on('message', async (job: Job) => {
    try {
      report({ kind: 'done', ...(await carryOut(bench, job, report)) });
    } catch (error) {
      report({ kind: 'broken', reason: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
  report({ kind: 'ready' });
}
