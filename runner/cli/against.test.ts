import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../package-root.ts';
import type { Results } from '../results/result.ts';

const main = join(packageRoot(), 'dist', 'runner', 'cli', 'main.js');
const adapter = join(packageRoot(), 'implementations', 'reference-node');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-against-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const weir = (...words: string[]) =>
  execa(process.execPath, [main, 'run', ...words, '-o', 'out'], { cwd: folder, reject: false, env: { NO_COLOR: '1' } });
const runs = (): Results['runs'] => (JSON.parse(readFileSync(join(folder, 'out', 'results.json'), 'utf8')) as Results).runs;

describe('--against', { timeout: 120_000 }, () => {
  test('another implementation plays the other end; what needs a scripted peer is skipped, and says so', async () => {
    const { exitCode, stdout } = await weir('rpc/add', 'handshake/foreign-session-id', '-i', adapter, '--against', adapter);
    expect(stdout).toContain('reference-node');
    expect(stdout).toContain(' against reference-node');
    expect(exitCode).toBe(0);
    const found = new Map(runs().map((run) => [run.id, run]));
    expect(found.get('river/rpc/add@client+json')).toMatchObject({
      verdict: 'pass',
      server: { name: 'reference-node' },
      client: { name: 'reference-node' },
    });
    expect(found.get('river/rpc/add@server+json')).toMatchObject({
      verdict: 'pass',
      server: { name: 'reference-node' },
      client: { name: 'reference-node' },
    });
    expect(found.get('river/handshake/foreign-session-id@client+json')).toMatchObject({
      verdict: 'skip',
      skipReason: 'its peer steps need the reference server, not reference-node',
    });
  });

  test('alone it says what is missing', async () => {
    const { exitCode, stderr } = await weir('rpc/add', '--against', adapter);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--implementation');
  });
});
