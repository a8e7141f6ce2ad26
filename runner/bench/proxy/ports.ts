import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** A process that listens on a port. */
export interface Listening {
  readonly port: number;
  stop(): Promise<void>;
}

/** A process that has told something, such as where it listens. */
export interface Started {
  readonly told: unknown;
  stop(): Promise<void>;
}

/** Starts a module of this folder in a process of its own; it tells the port on which it listens. Rejects where it ends instead. */
export async function startListening(module: string, args: readonly string[] = []): Promise<Listening> {
  const { told, stop } = await startTelling(new URL(module, import.meta.url), args);
  return { port: Number(told), stop };
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
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}
