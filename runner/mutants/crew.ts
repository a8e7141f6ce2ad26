import { Worker } from 'node:worker_threads';
import type { Verdict } from '../results/result.ts';
import type { Job, Witness, WorkerMessage, WorkerSetup } from './messages.ts';
import { watchForHang } from './patience.ts';

/** A case-run that did not pass. */
export interface Notice {
  readonly run: string;
  readonly case: string;
  /** Whether it fails, rather than warns. */
  readonly breaks: boolean;
  readonly verdict: Verdict;
  readonly witnesses: readonly Witness[];
}

/** A job whose registry is built when its turn comes. */
export interface PendingJob extends Omit<Job, 'registry'> {
  readonly registry: () => Promise<string>;
}

/** What came of a job. */
export interface JobOutcome {
  readonly job: Job;
  readonly notices: readonly Notice[];
  /** Case-runs carried out. */
  readonly runs: number;
  readonly remarks: readonly string[];
  /** By run id: what its trace amounts to, where the job asked for it. */
  readonly digests: ReadonlyMap<string, string>;
  /** By id of a place that the job asked for: the run ids that reached it. */
  readonly reached: ReadonlyMap<string, readonly string[]>;
}

/**
 * Carries out jobs in as many threads at once, and gives each outcome to `done`. A thread that shows no life, or dies, is
 * replaced; the case-run that it was at then counts as noticed by `hang` or `crash`, and the rest of that job is left out.
 */
export async function carryOutJobs(
  setup: WorkerSetup,
  jobs: readonly PendingJob[],
  threads: number,
  done: (outcome: JobOutcome) => void,
): Promise<void> {
  const queue = jobs[Symbol.iterator]();
  /** Jobs whose registries are being built, or are: one for each thread, so that none waits for that while it could run something. */
  const ahead: Promise<Job>[] = [];
  const buildAhead = (): void => {
    while (ahead.length < threads) {
      const { done: isOver, value } = queue.next();
      if (isOver === true) return;
      const job = value.registry().then((registry): Job => ({ ...value, registry }));
      // Told once its turn has come.
      job.catch(() => undefined);
      ahead.push(job);
    }
  };
  const thread = async (): Promise<void> => {
    let worker: Worker | undefined;
    for (let next = ahead.shift(); next !== undefined; next = ahead.shift()) {
      buildAhead();
      const job = await next;
      worker ??= await startWorker(setup);
      const { outcome, alive } = await carryOutJob(worker, job, threads);
      if (!alive) worker = undefined;
      done(outcome);
    }
    await worker?.terminate();
  };
  buildAhead();
  await Promise.all(Array.from({ length: threads }, thread));
}

function startWorker(setup: WorkerSetup): Promise<Worker> {
  const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: setup });
  return new Promise((resolve, reject) => {
    worker.once('message', () => {
      worker.off('error', reject);
      resolve(worker);
    });
    worker.once('error', reject);
  });
}

/** Rejects where the worker itself stumbles, which is no patched peer's doing. */
function carryOutJob(worker: Worker, job: Job, threads: number): Promise<{ outcome: JobOutcome; alive: boolean }> {
  const notices: Notice[] = [];
  const remarks: string[] = [];
  const digests = new Map<string, string>();
  const reached = new Map<string, string[]>();
  let at = { run: 'none', case: 'none' };
  let begun = 0;
  return new Promise((resolve, reject) => {
    const release = (): void => {
      watch.stop();
      worker.off('message', heard).off('error', died);
    };
    const finish = (alive: boolean, runs: number): void => {
      release();
      resolve({ outcome: { job, notices, runs, remarks, digests, reached }, alive });
    };
    const giveUp = (checkpoint: string): void => {
      notices.push({
        ...at,
        breaks: true,
        verdict: 'error',
        witnesses: [{ judge: 'harness', checkpoint, message: 'the thread was ended' }],
      });
      finish(false, begun);
    };
    const watch = watchForHang(threads, () => {
      // A thread that dies later must have a listener for it.
      worker.on('error', () => undefined);
      giveUp('hang');
      void worker.terminate();
    });
    const died = (error: Error): void => giveUp(`crash: ${error.message}`);
    const heard = (message: WorkerMessage): void => {
      watch.signOfLife(message.kind === 'begin' && message.long ? 'long' : 'usual');
      switch (message.kind) {
        case 'ready':
          return;
        case 'begin':
          begun += 1;
          at = { run: message.run, case: message.case };
          return;
        case 'noticed':
          notices.push({
            run: message.run,
            case: message.case,
            breaks: message.breaks,
            verdict: message.verdict,
            witnesses: message.witnesses,
          });
          return;
        case 'remark':
          remarks.push(message.text);
          return;
        case 'recorded':
          digests.set(message.run, message.digest);
          return;
        case 'reached':
          for (const id of message.ids) {
            const runs = reached.get(id) ?? [];
            runs.push(message.run);
            reached.set(id, runs);
          }
          return;
        case 'done':
          finish(true, message.runs);
          return;
        case 'broken':
          release();
          reject(new Error(`${job.id}: ${message.reason}`));
      }
    };
    worker.on('message', heard).on('error', died);
    worker.postMessage(job);
  });
}
