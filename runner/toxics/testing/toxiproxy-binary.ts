import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { reachToxiproxy, type ToxiproxyServer } from '../toxiproxy.ts';

/** What gives the tests a Toxiproxy to start. */
export const HOW_TO_GET = 'go install github.com/Shopify/toxiproxy/v2/cmd/server@latest';

/** A Toxiproxy for tests. */
export interface TestToxiproxy {
  readonly server: ToxiproxyServer;
  stop(): Promise<void>;
}

/** The running one that TOXIPROXY_URL names, or the first binary found, started on a free port; undefined where there is none. */
export async function toxiproxyForTests(): Promise<TestToxiproxy | undefined> {
  const url = process.env['TOXIPROXY_URL'];
  if (url) return { server: await reachToxiproxy(url), stop: async () => {} };
  const binary = candidates().find(isToxiproxy);
  if (binary === undefined) return undefined;
  return startOf(binary, 5);
}

/** Starts it on a port that was free a moment ago; where somebody else was quicker, on another, so many times. */
async function startOf(binary: string, tries: number): Promise<TestToxiproxy> {
  const port = await freePort();
  const child = spawn(binary, ['-host', '127.0.0.1', '-port', String(port)], { stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    await listening(child);
    const server = await reachWhileRunning(child, `http://127.0.0.1:${port}`);
    return { server, stop: () => stop(child) };
  } catch (error) {
    await stop(child);
    if (tries <= 1) throw error;
    return startOf(binary, tries - 1);
  }
}

function candidates(): string[] {
  const folders = [process.env['GOBIN'], ...goPaths().map((path) => join(path, 'bin'))];
  return ['toxiproxy-server', ...folders.flatMap((folder) => (folder ? [join(folder, 'toxiproxy-server'), join(folder, 'server')] : []))];
}

function goPaths(): string[] {
  try {
    return [execFileSync('go', ['env', 'GOPATH'], { encoding: 'utf8' }).trim()];
  } catch {
    return [process.env['GOPATH'] ?? join(homedir(), 'go')];
  }
}

function isToxiproxy(binary: string): boolean {
  try {
    return execFileSync(binary, ['--version'], { encoding: 'utf8', timeout: 5000, stdio: ['ignore', 'pipe', 'ignore'] }).includes(
      'toxiproxy',
    );
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  await once(server.close(), 'close');
  return port;
}

/** Asks again where it does not listen yet. Rejects where it has ended. */
async function reachWhileRunning(child: ChildProcess, url: string): Promise<ToxiproxyServer> {
  for (;;) {
    try {
      return await reachToxiproxy(url);
    } catch (error) {
      if (child.exitCode !== null || child.signalCode !== null) throw error;
    }
  }
}

/** Resolves when the server says that it starts to listen; it listens soon after that line. */
async function listening(child: ChildProcess): Promise<void> {
  const { stdout } = child;
  if (stdout === null) throw new Error('Toxiproxy was started without a standard output');
  await Promise.race([
    once(stdout, 'data'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`Toxiproxy ended at once with code ${code}`);
    }),
  ]);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
