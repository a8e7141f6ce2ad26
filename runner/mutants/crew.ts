import { Worker } from 'node:worker_threads';
import type { Verdict } from '../results/result.ts';
import { newLife, readLife } from './life.ts';
import type { Job, JobDone, Witness, WorkerMessage, WorkerSetup, WorkerStart } from './messages.ts';
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
export interface JobOutcome extends JobDone {
  readonly job: Job;
  readonly notices: readonly Notice[];
  readonly remarks: readonly string[];
}

/** Threads that carry out jobs. Each reads the corpus once, so they are kept until all is over. */
export interface Crew {
  /**
   * Carries out jobs in as many threads at once, and gives each outcome to `done`. A thread that shows no life, or dies, is
   * replaced; the case-run that it was at then counts as noticed by `hang` or `crash`, and the rest of that job is left out.
   */
  carryOut(jobs: readonly PendingJob[], done: (outcome: JobOutcome) => void): Promise<void>;
  close(): Promise<void>;
}

/** A thread, and where it says at which case-run it is. */
interface Hand {
  readonly worker: Worker;
  readonly life: SharedArrayBuffer;
}

/** Threads start once there is something for them to do. */
export function newCrew(setup: WorkerSetup, threads: number): Crew {
  const hands: (Hand | undefined)[] = Array.from({ length: threads }, () => undefined);
  return {
    carryOut: async (jobs, done) => {
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
      const thread = async (i: number): Promise<void> => {
        for (let next = ahead.shift(); next !== undefined; next = ahead.shift()) {
          buildAhead();
          const job = await next;
          const hand = hands[i] ?? (await startHand(setup));
          const { outcome, alive } = await carryOutJob(hand, job, threads);
          hands[i] = alive ? hand : undefined;
          done(outcome);
        }
      };
      buildAhead();
      await Promise.all(hands.map((_, i) => thread(i)));
    },
    close: async () => {
      await Promise.all(hands.map((hand) => hand?.worker.terminate()));
    },
  };
}

function startHand(setup: WorkerSetup): Promise<Hand> {
  const life = newLife();
  const workerData: WorkerStart = { setup, life };
  const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData });
  return new Promise((resolve, reject) => {
    worker.once('message', () => {
      worker.off('error', reject);
      resolve({ worker, life });
    });
    worker.once('error', reject);
  });
}

/** Rejects where the worker itself stumbles, which is no patched peer's doing. */
function carryOutJob({ worker, life }: Hand, job: Job, threads: number): Promise<{ outcome: JobOutcome; alive: boolean }> {
  const notices: Notice[] = [];
  const remarks: string[] = [];
  const { begun: before } = readLife(life);
  return new Promise((resolve, reject) => {
    const release = (): void => {
      stopWatch();
      worker.off('message', heard).off('error', died);
    };
    const finish = (alive: boolean, { runs, digests, reached }: JobDone): void => {
      release();
      resolve({ outcome: { job, notices, remarks, runs, digests, reached }, alive });
    };
    const giveUp = (checkpoint: string): void => {
      const { begun, run, case: ofCase } = readLife(life);
      const at = begun === before ? { run: 'none', case: 'none' } : { run, case: ofCase };
      notices.push({
        ...at,
        breaks: true,
        verdict: 'error',
        witnesses: [{ judge: 'harness', checkpoint, message: 'the thread was ended' }],
      });
      finish(false, { runs: begun - before, digests: new Map(), reached: new Map() });
    };
    const hung = (): void => {
      // A thread that dies later must have a listener for it.
      worker.on('error', () => undefined);
      giveUp('hang');
      void worker.terminate();
    };
    const stopWatch = watchForHang(threads, () => readLife(life), hung);
    const died = (error: Error): void => giveUp(`crash: ${error.message}`);
    const heard = (message: WorkerMessage): void => {
      switch (message.kind) {
        case 'ready':
          return;
        case 'noticed': {
          const { kind: _notice, ...notice } = message;
          notices.push(notice);
          return;
        }
        case 'remark':
          remarks.push(message.text);
          return;
        case 'done':
          finish(true, message);
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
