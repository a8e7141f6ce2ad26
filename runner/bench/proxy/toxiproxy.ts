import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startOwnToxiproxy } from '../../toxics/own-toxiproxy.ts';
import type { Listening } from './ports.ts';

const PACKAGE = 'github.com/Shopify/toxiproxy/v2/cmd/server@latest';

/** A real Toxiproxy without toxics before a port of the loopback; undefined where there is neither a binary nor Go to make one. */
export async function startToxiproxy(upstream: number): Promise<Listening | undefined> {
  const built = await mkdtemp(join(tmpdir(), 'weir-toxiproxy-'));
  const binary = binaryIn(built);
  if (binary === undefined) return undefined;
  const { server, stop } = await startOwnToxiproxy(binary);
  const network = await server.network({ host: '127.0.0.1', port: upstream });
  return {
    port: network.address.port,
    async stop() {
      await network.close();
      await stop();
      await rm(built, { recursive: true, force: true });
    },
  };
}

/** The binary in GOBIN, or one that Go builds into `folder`. */
function binaryIn(folder: string): string | undefined {
  const given = process.env['GOBIN'];
  if (given !== undefined && existsSync(join(given, 'server'))) return join(given, 'server');
  try {
    execFileSync('go', ['install', PACKAGE], { env: { ...process.env, GOBIN: folder }, stdio: 'ignore' });
    return join(folder, 'server');
  } catch {
    return undefined;
  }
}
