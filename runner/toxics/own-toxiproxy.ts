import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { reachToxiproxy, type ToxiproxyServer } from './toxiproxy.ts';

/** A Toxiproxy of one's own. */
export interface OwnToxiproxy {
  readonly server: ToxiproxyServer;
  /** Kills it; resolves when it is gone. */
  stop(): Promise<void>;
}

/** How many ports are tried. */
const TRIES = 5;

/** Starts a binary of it on a port that was free a moment ago; on another where somebody else was quicker. Rejects where none will do. */
export async function startOwnToxiproxy(binary: string, tries = TRIES): Promise<OwnToxiproxy> {
  const port = await freePort();
  const child = spawn(binary, ['-host', '127.0.0.1', '-port', String(port)], { stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    await listening(child);
    const server = await reachWhileRunning(child, `http://127.0.0.1:${port}`);
    return { server, stop: () => stop(child) };
  } catch (error) {
    await stop(child);
    if (tries <= 1) throw error;
    return startOwnToxiproxy(binary, tries - 1);
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
