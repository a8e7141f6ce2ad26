import { type ChildProcess, spawn } from 'node:child_process';
import { ENDING_SIGNALS } from '../files/at-ending.ts';

/** Kills the process groups it was given when the runner ends, however it ends (but for SIGKILL). */
export interface Reaper {
  add(group: number): void;
  remove(group: number): void;
  /** Has what is left killed by another process when the runner is gone, also where it is ended without a word. What is added later needs another call. */
  bequeath(): void;
  /** Kills what is left, and from now on whatever is added, and stops listening. */
  close(): void;
}

/** One of the signals that end the runner. */
export type EndingSignal = (typeof ENDING_SIGNALS)[number];

/** The part of Node's `process` that a reaper needs. */
export type Host = Pick<NodeJS.Process, 'on' | 'removeListener' | 'listenerCount' | 'kill' | 'pid'>;

/** Makes a reaper for the runner's own process `host`. Of `signals` it takes care; others are left to the runner. */
export function createReaper(host: Host, signals: readonly EndingSignal[] = ENDING_SIGNALS): Reaper {
  const groups = new Set<number>();
  let closed = false;
  let undertaker: ChildProcess | undefined;

  function killAll(): void {
    for (const group of groups) killGroup(group, 'SIGKILL');
    groups.clear();
  }

  const handlers = signals.map((signal) => {
    const handle = (): void => {
      killAll();
      host.removeListener(signal, handle);
      // A listener takes the signal's default action away; the last one to go gives it back.
      if (host.listenerCount(signal) === 0) host.kill(host.pid, signal);
    };
    return { signal, handle };
  });
  host.on('exit', killAll);
  for (const { signal, handle } of handlers) host.on(signal, handle);

  return {
    add(group) {
      if (closed) killGroup(group, 'SIGKILL');
      else groups.add(group);
    },
    remove(group) {
      groups.delete(group);
    },
    bequeath() {
      undertaker?.stdin?.end('done\n');
      undertaker = groups.size > 0 ? startUndertaker([...groups]) : undefined;
    },
    close() {
      closed = true;
      undertaker?.stdin?.end('done\n');
      killAll();
      host.removeListener('exit', killAll);
      for (const { signal, handle } of handlers) host.removeListener(signal, handle);
    },
  };
}

/** A process that kills the groups once its stdin ends without a line, as it does when the runner is gone. POSIX only; dash takes `--` behind `-s` alone. */
function startUndertaker(groups: readonly number[]): ChildProcess | undefined {
  if (process.platform === 'win32') return undefined;
  const victims = groups.map((group) => `-${group}`).join(' ');
  const child = spawn('/bin/sh', ['-c', `read -r line || kill -s KILL -- ${victims}`], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    cwd: '/',
  });
  // Without a shell the adapters see their stdin end, which ends the good ones.
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  child.unref();
  return child;
}

/** Signals a whole process group; a group that is gone is no error. */
export function killGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch {
    // ESRCH: nothing of it is left. EPERM cannot happen to our own children, and there is nothing better to do.
  }
}
