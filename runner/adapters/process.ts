import { killGroup, type Reaper } from './reaper.ts';
import { createTailBuffer } from './tail-buffer.ts';
import { within } from './within.ts';

/** How much of stderr is kept. */
export const STDERR_BYTES = 64 * 1024;

/** How long output may still come after a process has ended, in ms. */
const DRAIN_MS = 500;

/** How long a process may go on that has closed one of its ends, in ms: longer than an end takes on a busy machine. */
const ENDING_MS = 2000;

/** How a process ended. */
export interface Exit {
  readonly code: number | undefined;
  readonly signal: string | undefined;
  /** Why it never started. */
  readonly failure: string | undefined;
  /** It never started because the command was not found. */
  readonly notFound: boolean;
}

/** What to start. */
export interface ProcessOptions {
  /** Program and arguments; no shell. */
  readonly command: readonly string[];
  /** Absolute. */
  readonly cwd: string;
  /** Added to the runner's own environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly reaper: Reaper;
  stdout(chunk: Uint8Array): void;
  /** The process closed one of its ends, and still runs a while later: nothing can be said to it, or heard of it, any more. */
  pipeLost?(name: 'stdin' | 'stdout'): void;
}

/** A running child, leader of its own process group. */
export interface ChildProcess {
  /** Writes to stdin; does nothing once the process is gone. */
  write(text: string): void;
  /** Resolves when it has ended, its group is dead and the last of its output was delivered. Never rejects. */
  readonly exited: Promise<Exit>;
  /** Closes stdin. */
  closeInput(): void;
  /** The last of stderr, without its first `since` bytes. */
  stderr(since?: number): string;
  /** How many bytes of stderr came so far. */
  stderrLength(): number;
  /** Adds a line of the runner's to what `stderr` gives. */
  note(line: string): void;
  /** Kills the whole group at once. */
  kill(): void;
  /** Closes stdin, then SIGTERM, then SIGKILL, each `graceMs` after the one before; resolves when it is gone. */
  stop(graceMs: number): Promise<void>;
}

/** Starts a process. Never throws: what cannot be started has `exited` with `failure`. */
export async function startProcess(options: ProcessOptions): Promise<ChildProcess> {
  const { execa } = await import('execa');
  const [file = '', ...args] = options.command;
  const child = execa(file, args, {
    cwd: options.cwd,
    env: options.env,
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'pipe',
    buffer: false,
    encoding: 'buffer',
    reject: false,
    detached: true,
    cleanup: false,
  });
  const group = child.pid;
  if (group !== undefined) options.reaper.add(group);
  const stderr = createTailBuffer(STDERR_BYTES);
  const signal = (name: NodeJS.Signals): void => {
    if (group !== undefined && !over) killGroup(group, name);
  };
  let over = false;
  let stopping = false;

  const streams = [child.stdout, child.stderr];
  const drained = Promise.all(
    streams.map(
      (stream) =>
        new Promise<void>((resolve) => {
          stream.on('close', resolve);
          stream.on('error', () => resolve());
        }),
    ),
  );
  child.stdout.on('data', (chunk: Uint8Array) => options.stdout(chunk));
  child.stderr.on('data', (chunk: Uint8Array) => stderr.push(chunk));

  const ended = new Promise<Exit>((resolve) => {
    child.once('exit', (code, name) =>
      resolve({ code: code ?? undefined, signal: name ?? undefined, failure: undefined, notFound: false }),
    );
    // Spawn errors; execa settles its promise for these, while a grandchild that holds a pipe would keep it open after an exit.
    void child.then((result) =>
      resolve({
        code: result.exitCode,
        signal: result.signal,
        failure: result.exitCode === undefined && result.signal === undefined ? result.originalMessage : undefined,
        notFound: result.code === 'ENOENT',
      }),
    );
  });
  const exited = ended.then(async (exit) => {
    // Grandchildren die too; they would hold the pipes open.
    signal('SIGKILL');
    over = true;
    if (group !== undefined) options.reaper.remove(group);
    await within(drained, DRAIN_MS);
    for (const stream of streams) stream.destroy();
    return exit;
  });

  const lost = async (name: 'stdin' | 'stdout'): Promise<void> => {
    // A process that ends closes its ends too; its exit tells more.
    if ((await within(exited, ENDING_MS)).type === 'late' && !stopping) options.pipeLost?.(name);
  };
  // EPIPE, told by the next write.
  child.stdin.on('error', () => void lost('stdin'));
  child.stdout.on('end', () => void lost('stdout'));

  return {
    exited,
    write(text) {
      if (!over && child.stdin.writable) child.stdin.write(text);
    },
    closeInput() {
      stopping = true;
      child.stdin.end();
    },
    stderr: (since) => stderr.text(since),
    stderrLength: () => stderr.length,
    note: (line) => stderr.push(Buffer.from(`${line}\n`)),
    kill: () => signal('SIGKILL'),
    async stop(graceMs) {
      stopping = true;
      child.stdin.end();
      if ((await within(exited, graceMs)).type === 'done') return;
      signal('SIGTERM');
      if ((await within(exited, graceMs)).type === 'done') return;
      signal('SIGKILL');
      await within(exited, graceMs + DRAIN_MS);
    },
  };
}

/** An exit in words: `exit code 3`, `signal SIGKILL`, `spawn ENOENT`. */
export function describeExit(exit: Exit): string {
  if (exit.failure !== undefined) return exit.failure;
  if (exit.signal !== undefined) return `signal ${exit.signal}`;
  return `exit code ${exit.code ?? 'unknown'}`;
}

/** The last line of what a process said, as an addition to a sentence. */
export function lastWords(said: string): string {
  const last = said.trimEnd().split('\n').at(-1)?.trim();
  return last ? `; its last words: ${last.slice(0, 300)}` : '';
}
