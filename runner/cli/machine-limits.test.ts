import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../package-root.ts';
import { results } from '../results/result.ts';

const main = join(packageRoot(), 'dist', 'runner', 'cli', 'main.js');
const BOUND_MS = 120_000;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-machine-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const written = (output: string) => results.parse(JSON.parse(readFileSync(join(output, 'results.json'), 'utf8')));

describe.skipIf(!existsSync(main) || process.platform !== 'linux')('on a machine', () => {
  test('without file descriptors no case-run fails, and the results say what to raise', { timeout: BOUND_MS }, async () => {
    const output = join(folder, 'descriptors');
    const words = ['run', 'river/limits/fifty-clients-at-once', 'river/rpc/add', '--role', 'client', '--output', output];
    const { stdout } = await execa('bash', ['-c', 'ulimit -n 128 && exec "$0" "$@"', process.execPath, main, ...words], { reject: false });
    const { runs } = written(output);
    const refused = runs.filter(({ verdict }) => verdict === 'error');
    expect(refused.length).toBeGreaterThan(0);
    expect(runs.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'error')).toEqual([]);
    expect(refused[0]?.findings[0]?.message).toMatch(/EMFILE.*ulimit -n/);
    expect(stdout).toContain('raise the limit (ulimit -n)');
  });

  test.for([
    ['for fifty connections', '40000 40030'],
    ['to listen on', '40000 40001'],
  ])('without ports %s the runs that need them are errors that say what to widen', { timeout: BOUND_MS }, async ([, range], { skip }) => {
    // A network of its own, with few ports.
    const prepare = `ip link set lo up && echo ${range} >/proc/sys/net/ipv4/ip_local_port_range && exec "$0" "$@"`;
    const words = ['run', 'river/limits/fifty-clients-at-once', 'river/rpc/add', '--role', 'client', '--output', join(folder, 'ports')];
    const alone = ['-rn', 'bash', '-c', prepare];
    const possible = await execa('unshare', [...alone, 'true'], { reject: false });
    if (possible.exitCode !== 0) skip('this machine lets nobody have a network of his own (unshare -rn)');
    const { exitCode, stdout } = await execa('unshare', [...alone, process.execPath, main, ...words], { reject: false });
    expect(exitCode).toBe(3);
    const { runs } = written(join(folder, 'ports'));
    const first = runs.find(({ verdict }) => verdict === 'error')?.findings[0];
    expect(first?.message).toMatch(
      /^cannot (?:connect to the (?:proxy|server under test)|set the stage of the run) \(EADDRNOTAVAIL\): this machine has no port left for a connection/,
    );
    expect(runs.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'error')).toEqual([]);
    expect(stdout).not.toContain('EADDRINUSE');
    expect(stdout).toContain('net.ipv4.ip_local_port_range');
  });

  test('whose disk is full the reports are written elsewhere, and it is said once', { timeout: BOUND_MS }, async () => {
    const output = join(folder, 'full');
    const words = ['run', 'river/rpc/*', '--world', 'simulated', '--output', output];
    const { exitCode, stderr } = await execa('bash', ['-c', '"$0" "$@" >/dev/full', process.execPath, main, ...words], { reject: false });
    expect(stderr.split('\n').filter((line) => line.includes('cannot write to standard output (ENOSPC): the disk is full'))).toHaveLength(
      1,
    );
    expect(stderr).not.toContain('bug of Weir');
    expect([exitCode, written(output).runs.every(({ verdict }) => verdict === 'pass')]).toEqual([0, true]);
  });

  test.for([
    [['list', '--json'], 'cannot write to standard output (ENOSPC)'],
    [['explain', 'RIVER-HS-01'], 'cannot write to standard output (ENOSPC)'],
    [['report', 'small', '-o', '/dev/full'], 'cannot write /dev/full: ENOSPC'],
    [['distil', 'small/traces/river-rpc-add@client+json.jsonl', '-o', '/dev/full'], 'cannot write /dev/full: ENOSPC'],
    [['export', '--svg', 'small/traces/river-rpc-add@client+json.jsonl', '-o', '/dev/full'], 'cannot write /dev/full: ENOSPC'],
  ] as const)('whose disk is full %s says so, and that it failed', { timeout: BOUND_MS }, async ([words, said]) => {
    const weir = (script: string, ...all: readonly string[]) =>
      execa('bash', ['-c', script, process.execPath, main, ...all], { cwd: folder, reject: false });
    await weir('"$0" "$@"', 'run', 'river/rpc/add', '--role', 'client', '--world', 'simulated', '--traces', 'all', '-o', 'small');
    const { exitCode, stderr } = await weir('"$0" "$@" >/dev/full', ...words);
    expect(stderr).toContain(said);
    expect(stderr).not.toContain('bug of Weir');
    expect(exitCode).toBe(3);
  });

  test('that cannot write traces the verdicts stand, with a warning', { timeout: BOUND_MS }, async () => {
    const output = join(folder, 'traces');
    mkdirSync(output);
    writeFileSync(join(output, 'traces'), 'in the way');
    const words = ['run', 'river/rpc/add', '--world', 'simulated', '--traces', 'all', '--output', output];
    const { exitCode } = await execa(process.execPath, [main, ...words], { reject: false });
    const { runs, warnings } = written(output);
    expect([exitCode, runs.every(({ verdict }) => verdict === 'pass')]).toEqual([0, true]);
    expect(warnings?.[0]).toMatch(/the traces or bundles of 4 case-runs could not be written \(river\/rpc\/add@.*EEXIST/);
  });

  test('on which somebody connects to weir serve and says nothing it ends all the same', async () => {
    const serving = spawn(process.execPath, [main, 'serve', 'river'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [said] = await once(serving.stdout, 'data');
    const silent = connect(Number(/:(\d+);/.exec(String(said))?.[1]), '127.0.0.1');
    silent.on('error', () => {});
    await once(silent, 'connect');
    serving.kill('SIGTERM');
    expect(await once(serving, 'exit')).toEqual([0, null]);
  });
});
