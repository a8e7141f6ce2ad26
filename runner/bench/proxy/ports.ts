import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { computedMs } from '../../computed-ms.ts';

/** A process that listens on a port. */
export interface Listening {
  readonly port: number;
  /** Resolves when it has done what it put off. */
  settled(): Promise<void>;
  /** Ms that it has computed so far, all its threads together; undefined where it does not tell. */
  computed(): Promise<number | undefined>;
  stop(): Promise<void>;
}

/** What such a process is asked for. */
type Asked = 'settle' | 'computed';

/** A process is idle where it computes less than so many ms in so many. */
const IDLE_MS = 1;
const LOOK_MS = 20;

/**
 * Answers what its parent asks this process, where it is to settle once `settle` has resolved and it is idle: what a collection of garbage
 * leaves to other threads goes on behind it. Ends it with its parent.
 */
export function answerParent(settle: () => Promise<void> = async () => {}): void {
  process.on('message', async (what: Asked) => {
    if (what === 'settle') {
      await settle();
      await idle();
    }
    process.send?.(computedMs());
  });
  process.on('disconnect', () => process.exit());
}

async function idle(): Promise<void> {
  for (let computed = Number.POSITIVE_INFINITY; computed >= IDLE_MS; ) {
    const before = computedMs();
    await pause(LOOK_MS);
    computed = computedMs() - before;
  }
}

/** A process that has told something, such as where it listens. */
export interface Started {
  readonly told: unknown;
  /** Sends it a message, and resolves with its next one. */
  ask(what: Asked): Promise<unknown>;
  stop(): Promise<void>;
}

/** Starts a module of this folder in a process of its own; it tells the port on which it listens, or several, of which the first is taken. Rejects where it ends instead. */
export async function startListening(module: string, args: readonly string[] = []): Promise<Listening> {
  const { told, ask, stop } = await startTelling(new URL(module, import.meta.url), args);
  return {
    port: Number(Array.isArray(told) ? told[0] : told),
    async settled() {
      await ask('settle');
    },
    computed: async () => Number(await ask('computed')),
    stop,
  };
}

/** Starts a module in a process of its own, and waits for its first message. Rejects where it ends instead. */
export async function startTelling(module: URL, args: readonly string[]): Promise<Started> {
  const child: ChildProcess = fork(module, [...args], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const told = await new Promise<unknown>((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`${module.pathname} ended at once with code ${code}`)));
  });
  return {
    told,
    async ask(what) {
      const answer = once(child, 'message');
      child.send(what);
      return (await answer)[0];
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}
