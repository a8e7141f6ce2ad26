import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Protocol } from '../../protocols/common/protocol.ts';
import type { LoadedCase } from '../cases/case.ts';
import { learnFromCases } from '../masking/of-run.ts';
import { packageRoot } from '../package-root.ts';
import type { CaseSet } from '../plan/case-set.ts';
import { dealByWork } from '../plan/deal.ts';
import type { PlannedRun } from '../plan/plan.ts';
import { totalsOf } from '../results/assemble.ts';
import type { CaseRun, Results } from '../results/result.ts';
import { type UnkeptRun, warningsOf } from '../results/warnings.ts';
import type { World } from '../worlds/world.ts';
import type { RunOptions } from './run-options.ts';

/** Case-runs of the reference pair that go on at once in the real world, over all threads. */
const REAL_CONCURRENCY = 48;

/** Fewer case-runs than this are done before another thread would be up. */
const WORTH_A_THREAD = 150;

/** A planned run as a thread is told of it: the thread reads a case of the corpus for itself, which is faster than sending it. */
export type SentRun = Omit<PlannedRun, 'case'> & { readonly case: string | LoadedCase };

/** What a thread is told: its part of the plan. */
export interface ThreadTask {
  readonly protocol: string;
  readonly runs: readonly SentRun[];
  readonly options: Omit<RunOptions, 'secrets'> & { readonly seed: number };
  readonly output: string | undefined;
  readonly threads: number;
  /** The frozen set that is scored against. */
  readonly set: CaseSet | undefined;
  /** Where the broker is that all threads share. */
  readonly brokerUrl: string | undefined;
  /**
   * Shared; not 0 once no further case-run is to begin. No message: in virtual time nothing waits, so that the event loop, in which one is heard,
   * may not turn for minutes.
   */
  readonly stop: Int32Array;
}

/** What a thread tells. */
export interface ThreadNews {
  readonly run?: CaseRun;
  /** Secrets that the wire of it showed. */
  readonly learned?: readonly Uint8Array[];
  /** A case-run whose trace or bundle could not be written. */
  readonly unkept?: UnkeptRun;
}

/** A run of the reference pair that several threads share. */
export interface ThreadedConduct {
  readonly protocol: Protocol;
  readonly world: World;
  readonly planned: readonly PlannedRun[];
  readonly options: RunOptions & { readonly seed: number };
  readonly seed: number;
  readonly output: string | undefined;
  readonly version: string;
  readonly startedAt: string;
  readonly threads: number;
  /** The frozen set that is scored against. */
  readonly set: CaseSet | undefined;
  readonly brokerUrl?: string | undefined;
  readonly stopped: () => boolean;
  readonly onCaseRun: (run: CaseRun) => void;
}

/** How many threads a run of the reference pair is worth. */
export function threadsFor(runs: number, most: number): number {
  return Math.max(1, Math.min(most, Math.floor(runs / WORTH_A_THREAD)));
}

/** Case-runs at a time of the reference pair: in virtual time nothing waits, so one after another is fastest. */
export function referenceConcurrency(world: 'real' | 'simulated', threads = 1): number {
  return world === 'simulated' ? 1 : Math.ceil(REAL_CONCURRENCY / threads);
}

/**
 * Runs the plan of a reference pair in several threads, each with its own part of the cases, and gives the results in the
 * plan's order. Seeds belong to case-runs, so the outcome does not depend on the threads. Rejects where a thread breaks.
 */
export async function conductInThreads(conduct: ThreadedConduct): Promise<Results> {
  const began = performance.now();
  const runs = new Map<string, CaseRun>();
  const unkept: UnkeptRun[] = [];
  // What a thread tells is masked; what is told of the whole run, as the texts of cases, is masked here.
  learnFromCases({ planned: conduct.planned, protocol: conduct.protocol, secrets: conduct.options.secrets });
  const parts = dealByWork(conduct.planned, conduct.threads);
  const stop = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  await Promise.all(parts.map((part, i) => runThread(conduct, part, i + 1, runs, unkept, stop)));
  const ordered = conduct.planned.flatMap(({ id }) => runs.get(id) ?? []);
  const warnings = warningsOf({ runs: ordered, displaced: [], unkept, planned: conduct.planned.length, concurrency: undefined });
  return {
    schema: 'weir-results/1',
    weir: conduct.version,
    protocol: conduct.protocol.name,
    startedAt: conduct.startedAt,
    durationMs: performance.now() - began,
    world: conduct.world.name,
    seed: conduct.seed,
    timeScale: conduct.world.timeScale,
    ...totalsOf(ordered, conduct.set?.name),
    ...(warnings.length === 0 ? {} : { warnings }),
    runs: ordered,
  };
}

function runThread(
  conduct: ThreadedConduct,
  part: readonly PlannedRun[],
  index: number,
  runs: Map<string, CaseRun>,
  unkept: UnkeptRun[],
  stop: Int32Array,
): Promise<void> {
  const { protocol, options, output, threads, set, brokerUrl } = conduct;
  const own = part.map((run): SentRun => ({ ...run, case: isOfCorpus(run.case) ? run.case.id : run.case }));
  // A thread makes its own: functions do not travel.
  const { secrets: _, ...sent } = options;
  const task: ThreadTask = { protocol: protocol.name, runs: own, options: sent, output, threads, set, brokerUrl, stop };
  const worker = new Worker(join(packageRoot(), 'dist/runner/cli/thread.js'), { workerData: task });
  return new Promise((resolve, reject) => {
    worker.on('message', (news: ThreadNews) => {
      conduct.options.secrets.learn(news.learned ?? []);
      if (news.unkept !== undefined) unkept.push(news.unkept);
      if (news.run === undefined) return;
      runs.set(news.run.id, news.run);
      conduct.onCaseRun(news.run);
      if (conduct.stopped()) Atomics.store(stop, 0, 1);
    });
    worker.once('error', reject);
    worker.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`thread ${index} of the run ended with code ${code}`))));
  });
}

/** Whether a case can be read by its id: it is no variant, and no file from elsewhere. */
function isOfCorpus({ id, file, combination }: LoadedCase): boolean {
  return !id.includes('~') && file === join(packageRoot(), 'cases', `${combination?.file ?? id}.yaml`);
}
