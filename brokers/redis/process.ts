import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { textOf } from '../../protocols/carriers/resp/value.ts';
import { connectRedis, RedisGone } from './client.ts';

/** What installs a Redis on Debian and what is made of it. */
export const TO_HAVE_REDIS = 'apt-get install redis-server';

/** The command was not found. */
export class RedisMissing extends Error {
  constructor(command: string) {
    super(`${command} is not installed; ${TO_HAVE_REDIS} installs it`);
  }
}

/** What ends process groups when the runner ends, however it ends. */
export interface Guard {
  add(group: number): void;
  remove(group: number): void;
  bequeath(): void;
}

/** A Redis of our own, without persistence, on the loopback. */
export interface RedisProcess {
  /** `redis://127.0.0.1:23456` */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly version: string;
  readonly pid: number;
  /** How it ended, in words. Never rejects. */
  readonly exited: Promise<string>;
  /** Ends it; resolves when it is gone. */
  stop(): Promise<void>;
  /** Ends it as it is, without a word to anybody; resolves when it is gone. */
  kill(): Promise<void>;
  /** Lets it do nothing, or go on. Connections stay. */
  freeze(): void;
  thaw(): void;
}

/** What to start, and what it needs of outside. */
export interface RedisOptions {
  /** The program; `redis-server` where it is not said. */
  readonly command?: string;
  /** The address of this machine at which it listens, and at no other; 127.0.0.1 where it is not said. */
  readonly host?: string;
  /** A uniform number in [0, 1), for the port. */
  readonly random: () => number;
  readonly guard: Guard;
}

/** Ports that are tried: below those from which systems take their own for outgoing connections. */
const [FIRST_PORT, PORTS] = [10_000, 20_000];
/** How many are tried. */
const ATTEMPTS = 30;
/** How long a start may take, and an end before it is enforced, in ms. */
const [START_MS, STOP_MS] = [20_000, 5000];
/** How much of what it says is kept, in characters. */
const KEPT = 8192;

/**
 * Starts a Redis on a free port. The port is taken by Redis itself, and another one is tried where somebody has it. Ready when it
 * answers, and is known to be the one that was started. Rejects with a RedisMissing, or an Error with what it said.
 */
export async function startRedis(options: RedisOptions): Promise<RedisProcess> {
  for (let attempt = 1; ; attempt += 1) {
    const port = FIRST_PORT + Math.floor(options.random() * PORTS);
    const started = await startOn(port, options);
    if (started !== 'taken') return started;
    if (attempt === ATTEMPTS) throw new Error(`redis-server found no free port in ${ATTEMPTS} attempts`);
  }
}

async function startOn(
  port: number,
  { command = 'redis-server', host = '127.0.0.1', guard }: RedisOptions,
): Promise<RedisProcess | 'taken'> {
  const settings = { port, bind: host, save: '', appendonly: 'no', daemonize: 'no', dir: '/' };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true, cwd: '/' });
  let said = '';
  let ready = (): void => {};
  const isReady = new Promise<'ready'>((resolve) => {
    ready = () => resolve('ready');
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-KEPT);
      if (said.includes('Ready to accept connections')) ready();
    });
  }
  const exited = endOf(child);
  const { pid } = child;
  if (pid === undefined)
    throw (await exited) === 'ENOENT' ? new RedisMissing(command) : new Error(`${command} did not start: ${await exited}`);
  guard.add(pid);
  guard.bequeath();
  const gone = exited.then((how) => {
    guard.remove(pid);
    return how;
  });
  const stop = (): Promise<void> => end(child, gone, ['SIGTERM', 'SIGKILL']);
  const control = {
    stop,
    kill: () => end(child, gone, ['SIGKILL']),
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
  };

  const first = await Promise.race([isReady, gone.then(() => 'gone' as const), after(START_MS)]);
  if (first === 'gone' && /address already in use/i.test(said)) return 'taken';
  if (first !== 'ready') {
    await stop();
    throw new Error(
      `${command} did not start (${first === 'late' ? `nothing within ${START_MS} ms` : await gone}): ${said.trim().slice(-500)}`,
    );
  }
  try {
    return { url: `redis://${host}:${port}`, host, port, pid, version: await versionOf(host, port, pid), exited: gone, ...control };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The version of the Redis at a port, which must be this process. */
async function versionOf(host: string, port: number, pid: number): Promise<string> {
  const client = await connectRedis(host, port, START_MS);
  try {
    const info = textOf(await client.call('INFO', 'server')) ?? '';
    const found = /^process_id:(\d+)/m.exec(info)?.[1];
    if (found !== String(pid)) throw new RedisGone(`another Redis (process ${found ?? 'unknown'}) answers on port ${port}`);
    return /^redis_version:(\S+)/m.exec(info)?.[1] ?? 'unknown';
  } finally {
    await client.close();
  }
}

/** How a process ended: an exit code, a signal, or why it never began. */
function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
  });
}

async function end(child: ChildProcess, gone: Promise<string>, signals: readonly NodeJS.Signals[]): Promise<void> {
  for (const signal of signals) {
    child.kill(signal);
    if ((await Promise.race([gone, after(STOP_MS)])) !== 'late') break;
  }
  // Its pipes would keep the runner alive.
  for (const stream of [child.stdout, child.stderr]) stream?.destroy();
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

function after(ms: number): Promise<'late'> {
  return new Promise((resolve) => {
    setTimeout(() => resolve('late'), ms).unref();
  });
}
