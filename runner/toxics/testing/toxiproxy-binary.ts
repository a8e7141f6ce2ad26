import { execFileSync } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type OwnToxiproxy, startOwnToxiproxy } from '../own-toxiproxy.ts';
import { reachToxiproxy } from '../toxiproxy.ts';

/** What gives the tests a Toxiproxy to start. */
export const HOW_TO_GET = 'go install github.com/Shopify/toxiproxy/v2/cmd/server@latest';

/** The running one that TOXIPROXY_URL names, or the first binary found, started on a free port; undefined where there is none. */
export async function toxiproxyForTests(): Promise<OwnToxiproxy | undefined> {
  const url = process.env['TOXIPROXY_URL'];
  if (url) return { server: await reachToxiproxy(url), stop: async () => {} };
  const binary = candidates().find(isToxiproxy);
  if (binary === undefined) return undefined;
  return startOwnToxiproxy(binary);
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
