import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
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

/** Answers what its parent asks this process, where it is to settle once `settle` has resolved; ends it with its parent. */
export function answerParent(settle: () => Promise<void> = async () => {}): void {
  process.on('message', async (what: Asked) => {
    if (what === 'settle') await settle();
    process.send?.(computedMs());
  });
  process.on('disconnect', () => process.exit());
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
