import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { results } from '../results/result.ts';
import { askedCommandLine } from './testing/command-line.ts';

const { folder, weir } = askedCommandLine('slow');
const adapter = fileURLToPath(new URL('./testing/busy.mjs', import.meta.url));

/** Runs a case with the adapter that is busy in this way; gives the exit code, and by run id what came of it. */
async function run(kind: string, ms: number, patterns: readonly string[], changes: object = {}) {
  const manifest = {
    ...{ name: kind, title: kind, language: 'JavaScript', protocol: 'river', roles: ['client'] },
    command: [process.execPath, adapter, kind, String(ms)],
    ...changes,
  };
  const file = join(folder, `${kind}.yaml`);
  writeFileSync(file, JSON.stringify(manifest));
  const { exitCode, stdout } = await weir('run', ...patterns, '-i', file, '--role', 'client', '--binding', 'json', '--output', kind);
  const read = results.parse(JSON.parse(readFileSync(join(folder, kind, 'results.json'), 'utf8')));
  return { exitCode, stdout, runs: read.runs };
}

test('what a process loads at its first dial is no finding: it is run again in a process that has it', { timeout: 120_000 }, async () => {
  const { exitCode, runs } = await run('first', 400, ['retry/backoff']);
  expect(exitCode).toBe(0);
  // A machine that cannot tell says so.
  expect(['pass', 'unclear']).toContain(runs[0]?.verdict);
});

test('an application that takes its time for each of 1,100 requests loses none of them', { timeout: 120_000 }, async () => {
  const { exitCode, runs } = await run('sends', 3, ['limits/more-than-the-buffers-mark']);
  expect(runs.map(({ verdict }) => verdict)).toEqual(['pass']);
  expect(exitCode).toBe(0);
});

test('an adapter that knows no pings and ends at one is started again, and never pinged', { timeout: 120_000 }, async () => {
  const { exitCode, runs } = await run('deaf-to-pings', 0, ['rpc/add']);
  expect(runs.map(({ verdict }) => verdict)).toEqual(['pass']);
  expect(exitCode).toBe(0);
});

test('a case that needs another value of a timer than the fixed one is skipped, with the value', { timeout: 120_000 }, async () => {
  const timers = { sessionDisconnectGraceMs: 3_600_000 };
  const { exitCode, runs } = await run('none', 0, ['grace/pending-calls-end', 'rpc/add'], { timers });
  const why = expect.stringContaining('sessionDisconnectGraceMs (always 3600000)');
  expect(runs).toMatchObject([{ verdict: 'skip', skipReason: why }, { verdict: 'pass' }]);
  expect(exitCode).toBe(0);
});

test('one that needs the fixed value as it is nominally is run without scaling', { timeout: 120_000 }, async () => {
  const { runs } = await run('none', 0, ['grace/pending-calls-end'], { timers: { sessionDisconnectGraceMs: 3000 } });
  expect(runs.map(({ verdict }) => verdict)).toEqual(['pass']);
  // At a fifth of the nominal pace it would have been over in 600 ms.
  expect(runs[0]?.durationMs).toBeGreaterThan(2500);
});

const withFixedTimers = fileURLToPath(new URL('./testing/fixed-timers.mjs', import.meta.url));

/** Runs cases against a server whose grace period is this long, in ms of the wall clock, whatever it is told. */
async function runServer(graceMs: number, patterns: readonly string[]) {
  const timers = { sessionDisconnectGraceMs: graceMs };
  const name = `server-${graceMs}`;
  const manifest = {
    ...{ name, title: name, language: 'JavaScript', protocol: 'river', roles: ['server'], timers },
    command: [process.execPath, withFixedTimers, JSON.stringify(timers)],
  };
  const file = join(folder, `${name}.yaml`);
  writeFileSync(file, JSON.stringify(manifest));
  const { exitCode } = await weir('run', ...patterns, '-i', file, '--role', 'server', '--binding', 'json', '--output', name);
  return { exitCode, runs: results.parse(JSON.parse(readFileSync(join(folder, name, 'results.json'), 'utf8'))).runs };
}

test('of a server, too: what needs another value is skipped, what needs it as it is nominally is not scaled', {
  timeout: 120_000,
}, async () => {
  const cases = ['grace/server-forgets-the-session', 'grace/server-keeps-the-session', 'rpc/add'];
  const long = await runServer(3_600_000, cases);
  const why = expect.stringContaining('sessionDisconnectGraceMs (always 3600000)');
  expect(long.runs).toMatchObject([{ verdict: 'skip', skipReason: why }, { verdict: 'pass' }, { verdict: 'pass' }]);
  expect(long.exitCode).toBe(0);
  const nominal = await runServer(2000, cases.slice(0, 1));
  expect(nominal.runs.map(({ verdict }) => verdict)).toEqual(['pass']);
  // At a fifth of the nominal pace it would have been over in 600 ms.
  expect(nominal.runs[0]?.durationMs).toBeGreaterThan(2500);
});

test('what fails in the first run of each process is run in one that has run something, also where times cannot be slower', {
  timeout: 120_000,
}, async () => {
  const manifest = {
    ...{ name: 'liar', title: 'liar', language: 'JavaScript', protocol: 'river', roles: ['client'] },
    // It says that its grace period has three seconds.
    timers: { sessionDisconnectGraceMs: 3000 },
    command: [process.execPath, withFixedTimers, JSON.stringify({ sessionDisconnectGraceMs: 600_000 })],
  };
  const file = join(folder, 'liar.yaml');
  writeFileSync(file, JSON.stringify(manifest));
  const { stdout } = await weir('run', 'grace/pending-calls-end', '-i', file, '--role', 'client', '--binding', 'json', '--no-output');
  expect(stdout).not.toContain('it was the first run of its process');
  // A machine that cannot tell says so.
  expect(stdout).toMatch(/1 failed|1 unclear \(this machine is too slow to tell\)/);
});

test('a timer nobody knows is refused', { timeout: 120_000 }, async () => {
  await run('none', 0, ['rpc/add'], { timers: { sessionDisconnectGraceMs: 5000 } });
  const wrong = readFileSync(join(folder, 'none.yaml'), 'utf8').replace('sessionDisconnectGraceMs', 'graceMs');
  writeFileSync(join(folder, 'wrong.yaml'), wrong);
  const { exitCode, stderr } = await weir('run', 'rpc/add', '-i', join(folder, 'wrong.yaml'), '--no-output');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('unknown timer `graceMs`');
});
