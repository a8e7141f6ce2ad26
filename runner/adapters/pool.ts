import type { InitializeResult } from '../../protocols/common/control.ts';
import { ownHosts } from '../worlds/real/listening.ts';
import { type Adapter, type AdapterBounds, startAdapter } from './adapter.ts';
import type { AdapterLease } from './lease.ts';
import type { Implementation } from './manifest.ts';
import { pastProxies } from './no-proxy.ts';
import { findMissing, runSetup, type Waiting } from './prepare.ts';
import { createReaper, type EndingSignal, type Host } from './reaper.ts';
import { createSlots } from './slots.ts';

/** Longest wait of each stage of ending a process unless told otherwise, ms. */
const STOP_MS = 1000;

/** How many starts may fail in a row before the implementation is given up. */
const MAX_FAILED_STARTS = 3;

/** Processes at a time for runs that want to be apart: after the crash of a shared process many ask for one at once. */
const APART_AT_A_TIME = 4;

/**
 * Whom a run shares its process with: others meanwhile, where the adapter allows it (`shared`); others before it, but none
 * meanwhile (`apart`); nobody, ever (`alone`).
 */
export type Company = 'shared' | 'apart' | 'alone';

/** How an implementation is opened. */
export interface OpenOptions {
  /** Most processes at a time, those for runs apart not counted (default 1). */
  readonly processes?: number;
  readonly bounds?: Partial<AdapterBounds>;
  /** Hears what is waited for before the first process is up, every ten seconds. */
  readonly waiting?: Waiting;
  /** The runner's own process, whose end must take the adapters along (default: this one). */
  readonly host?: Host;
  /** Signals at which the adapters are killed (default: all that end the runner). Left out is what the runner deals with itself. */
  readonly signals?: readonly EndingSignal[];
}

/** An implementation whose processes are up, or can be had. */
export interface OpenImplementation {
  readonly info: InitializeResult;
  /** See `Implementation`. */
  readonly dials: Implementation['dials'];
  /**
   * A place for one run, `shared` unless told otherwise; waits while all are taken. Rejects with an `AdapterError` when no
   * process can be had.
   */
  acquire(company?: Company): Promise<AdapterLease>;
  /** Ends the processes that runs shared and nobody uses now; others are started when they are wanted. */
  endShared(): Promise<void>;
  /** Has all processes end with the runner, however it ends from now on. */
  bequeath(): void;
  /** Ends all processes. Leases still out are lost. */
  close(): Promise<void>;
}

interface Waiter {
  resolve(lease: AdapterLease): void;
  reject(error: unknown): void;
}

/** Runs the set-up and starts the first process. Rejects with an `AdapterError`; of kind `missing` where a prerequisite is not there. */
export async function openImplementation(implementation: Implementation, options: OpenOptions = {}): Promise<OpenImplementation> {
  const bounds = { callMs: implementation.callMs, stopMs: STOP_MS, ...options.bounds };
  const most = options.processes ?? 1;
  const reaper = createReaper(options.host ?? process, options.signals);
  const preparing = { implementation, reaper, waiting: options.waiting };
  const starts = new Set<Promise<unknown>>();
  const { env } = implementation;
  const dialling = { ...implementation, env: { ...env, ...pastProxies({ ...process.env, ...env }, ownHosts()) } };
  const start = (): Promise<Adapter> => {
    const started = startAdapter(dialling, reaper, bounds);
    const settled: Promise<unknown> = started.catch(() => {}).finally(() => starts.delete(settled));
    starts.add(settled);
    return started;
  };
  const first = await runSetup(preparing)
    .then(start)
    .catch(async (error: unknown) => {
      // Looked into only now: what works needs no check.
      const missing = await findMissing(preparing);
      reaper.close();
      throw missing ?? error;
    });

  const adapters = new Set<Adapter>([first]);
  const apart = new Set<Adapter>();
  const idle = new Set<Adapter>();
  const places = createSlots(APART_AT_A_TIME);
  const ending = new Set<Promise<void>>();
  let queue: Waiter[] = [];
  let starting = 0;
  let failedStarts = 0;
  let closed = false;

  function end(adapter: Adapter): void {
    adapters.delete(adapter);
    apart.delete(adapter);
    idle.delete(adapter);
    const done: Promise<void> = adapter.close().finally(() => ending.delete(done));
    ending.add(done);
  }

  function leaseOf(adapter: Adapter): AdapterLease {
    return adapter.lease(() => {
      if (!adapter.healthy() && adapter.leases === 0 && adapters.has(adapter)) end(adapter);
      serve();
    });
  }

  /** Gives waiting runs the places there are, and starts processes where more are wanted. */
  function serve(): void {
    for (const adapter of [...adapters]) if (!adapter.healthy() && adapter.leases === 0) end(adapter);
    const healthy = [...adapters].filter((adapter) => adapter.healthy());
    for (;;) {
      const free = healthy
        .filter((adapter) => adapter.healthy() && adapter.leases < adapter.info.concurrency)
        .sort((a, b) => a.leases - b.leases)[0];
      if (free === undefined) break;
      const waiter = queue.shift();
      if (waiter === undefined) return;
      waiter.resolve(leaseOf(free));
    }
    const room = most - healthy.length - starting;
    const wanted = Math.min(room, queue.length - starting);
    for (let i = 0; i < wanted; i += 1) void startAnother();
  }

  async function startAnother(): Promise<void> {
    starting += 1;
    try {
      const adapter = await start();
      failedStarts = 0;
      adapters.add(adapter);
    } catch (error) {
      failedStarts += 1;
      const lost = failedStarts >= MAX_FAILED_STARTS ? queue : queue.slice(0, 1);
      queue = queue.slice(lost.length);
      for (const waiter of lost) waiter.reject(error);
    } finally {
      starting -= 1;
    }
    if (!closed) serve();
  }

  /** A process that a run apart left in good order. */
  function takeIdle(): Adapter | undefined {
    for (const adapter of idle) {
      idle.delete(adapter);
      if (adapter.healthy()) return adapter;
      end(adapter);
    }
    return undefined;
  }

  async function acquireApart(alone: boolean): Promise<AdapterLease> {
    const leave = await places.take();
    try {
      if (closed) throw new Error(`${implementation.name} is closed`);
      const adapter = (alone ? undefined : takeIdle()) ?? (await start());
      apart.add(adapter);
      return adapter.lease(() => {
        if (alone || closed || !adapter.healthy()) end(adapter);
        else idle.add(adapter);
        leave();
      });
    } catch (error) {
      leave();
      throw error;
    }
  }

  return {
    info: first.info,
    dials: implementation.dials,
    acquire(company = 'shared') {
      if (closed) return Promise.reject(new Error(`${implementation.name} is closed`));
      if (company !== 'shared') return acquireApart(company === 'alone');
      return new Promise((resolve, reject) => {
        queue.push({ resolve, reject });
        serve();
      });
    },
    async endShared() {
      for (const adapter of [...adapters]) if (adapter.leases === 0) end(adapter);
      while (ending.size > 0) await Promise.allSettled([...ending]);
    },
    bequeath: reaper.bequeath,
    async close() {
      closed = true;
      for (const waiter of queue.splice(0)) waiter.reject(new Error(`${implementation.name} is closed`));
      for (const adapter of [...adapters, ...apart]) end(adapter);
      while (ending.size > 0) await Promise.allSettled([...ending]);
      // What is still starting dies with the reaper, and its start fails.
      reaper.close();
      await Promise.allSettled([...starts]);
    },
  };
}
