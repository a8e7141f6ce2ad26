import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** A process that listens on a port. */
export interface Listening {
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts a module of this folder in a process of its own; it tells the port on which it listens. Rejects where it ends instead. */
export async function startListening(module: string, args: readonly string[] = []): Promise<Listening> {
  const child: ChildProcess = fork(new URL(module, import.meta.url), [...args], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (message) => resolve(Number(message)));
    child.once('exit', (code) => reject(new Error(`${module} ended at once with code ${code}`)));
  });
  return {
    port,
    async stop() {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}
