import { type ChildProcess, spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** Keeps every core busy while `during` lasts, one process a core that does nothing but run. */
export async function whileBusy<T>(during: () => Promise<T>): Promise<T> {
  const loops: ChildProcess[] = [];
  for (let core = 0; core < availableParallelism(); core += 1) {
    loops.push(spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }));
  }
  try {
    return await during();
  } finally {
    for (const loop of loops) loop.kill('SIGKILL');
  }
}
