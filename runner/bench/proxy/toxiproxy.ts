import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startOwnToxiproxy } from '../../toxics/own-toxiproxy.ts';
import type { Listening } from './ports.ts';

const PACKAGE = 'github.com/Shopify/toxiproxy/v2/cmd/server@latest';

/** A binary of Toxiproxy. */
export interface Binary {
  readonly path: string;
  /** Takes away what was built. */
  remove(): Promise<void>;
}

/** The binary in GOBIN, or one that Go builds. Rejects where there is neither. */
export async function toxiproxyBinary(): Promise<Binary> {
  const given = process.env['GOBIN'];
  if (given !== undefined && existsSync(join(given, 'server'))) return { path: join(given, 'server'), remove: async () => {} };
  const folder = await mkdtemp(join(tmpdir(), 'weir-toxiproxy-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    execFileSync('go', ['install', PACKAGE], { env: { ...process.env, GOBIN: folder }, stdio: 'ignore' });
  } catch (error) {
    await remove();
    throw error;
  }
  return { path: join(folder, 'server'), remove };
}

/** A Toxiproxy without toxics before a port of the loopback. */
export async function startToxiproxy({ path }: Binary, upstream: number): Promise<Listening> {
  const { server, stop } = await startOwnToxiproxy(path);
  const network = await server.network({ host: '127.0.0.1', port: upstream });
  return {
    port: network.address.port,
    settled: async () => {},
    computed: async () => undefined,
    async stop() {
      await network.close();
      await stop();
    },
  };
}
