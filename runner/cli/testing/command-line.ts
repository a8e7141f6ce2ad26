import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll } from 'vitest';
import { builtMain } from '../../package-root.ts';

/** The built command line. */
export const main = builtMain();

/** What came of a command. */
export interface Asked {
  /** Without the last newline. */
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** Where a command is given, if not in the folder of the tests, and variables of its environment. */
export interface Circumstances {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** The command line in a temporary folder of its own, which is gone when the tests of the file are over. */
export function commandLine(name: string) {
  const folder = mkdtempSync(join(tmpdir(), `weir-${name}-`));
  afterAll(() => rmSync(folder, { recursive: true }));
  const weir = (...words: string[]) => execa(process.execPath, [main, ...words], { cwd: folder, reject: false, env: { NO_COLOR: '1' } });
  return { folder, weir };
}

/**
 * The same, asked one thing after another in one process, which costs a fraction of its start: where a test is about what a command
 * says and leaves, and not about its process, its signals or its time.
 */
export function askedCommandLine(name: string) {
  const { folder, weir: apart } = commandLine(name);
  let host: ChildProcess | undefined;
  let gone = new AbortController();
  let before: Promise<unknown> = Promise.resolve();
  afterAll(() => void host?.disconnect());

  function start(): ChildProcess {
    gone = new AbortController();
    const program = fileURLToPath(new URL('./asked.mjs', import.meta.url));
    const started = fork(program, [main], {
      cwd: folder,
      env: { ...process.env, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    started.once('exit', () => {
      host = undefined;
      gone.abort();
    });
    return started;
  }

  async function askNow(words: readonly string[], { cwd = folder, env = {} }: Circumstances): Promise<Asked> {
    host ??= start();
    // Rejects where it ends instead, as nobody expects of it; the next one is asked another.
    const answered = once(host, 'message', { signal: gone.signal });
    host.send({ words, cwd, env });
    const [{ stdout, stderr, exitCode }] = (await answered) as [Asked];
    return { exitCode, stdout: stdout.replace(/\n$/, ''), stderr: stderr.replace(/\n$/, '') };
  }

  const weirIn = (circumstances: Circumstances, ...words: string[]): Promise<Asked> => {
    const asked = before.then(() => askNow(words, circumstances));
    before = asked.catch(() => undefined);
    return asked;
  };
  const weir = (...words: string[]): Promise<Asked> => weirIn({}, ...words);
  return { folder, weir, weirIn, apart };
}
