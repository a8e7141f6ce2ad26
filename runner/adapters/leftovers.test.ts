import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openImplementation } from './pool.ts';
import { open, scratch } from './testing/opened.ts';
import { connect, hear, implementation, invoke } from './testing/setting.ts';

const built = new URL('../../dist/runner/adapters/pool.js', import.meta.url);

async function refused(promise: Promise<unknown>): Promise<boolean> {
  return promise.then(
    () => false,
    () => true,
  );
}

/** Whether a process is there; a zombie is not. */
function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Waits until an adapter ends that has started a process of its own; gives the id of that one. */
async function grandchildOf(mode: string): Promise<number> {
  const { acquire } = await open(implementation(mode));
  const lease = await acquire();
  const client = lease.client(hear());
  await client.connect(connect());
  await client.invoke(invoke('x')).catch(() => {});
  const error = await lease.failed;
  expect(error.facts).toMatchObject({ kind: 'crashed', exitCode: 0 });
  const pid = Number(/grandchild (\d+)/.exec(error.facts.stderr ?? '')?.[1]);
  expect(pid).toBeGreaterThan(1);
  return pid;
}

describe('no process is left behind', () => {
  test('one that ignores SIGTERM and the end of stdin is killed', async () => {
    const opened = await openImplementation(implementation('ignore-sigterm'), { bounds: { stopMs: 100 } });
    const lease = await opened.acquire();
    await lease.client(hear()).connect(connect());
    await opened.close();
    expect((await lease.failed).facts.signal).toBe('SIGKILL');
  });

  test('a grandchild that holds the pipes does not hide the end, and dies too', async () => {
    const pid = await grandchildOf('grandchild');
    await expect.poll(() => alive(pid), { timeout: 10_000 }).toBe(false);
  });

  test('one that left the process group stays, as the guide for adapters says, but holds nothing up', async () => {
    const pid = await grandchildOf('left-group');
    onTestFinished(() => void process.kill(pid, 'SIGKILL'));
    expect(alive(pid)).toBe(true);
  });

  test('the implementation is closed while a process is starting', async () => {
    const pidFile = join(scratch(), 'pid');
    const opened = await openImplementation(implementation('pid-file', { arguments: [pidFile], concurrency: 1 }), { processes: 2 });
    await opened.acquire();
    rmSync(pidFile);
    const starting = [refused(opened.acquire()), refused(opened.acquire('alone'))];
    await opened.close();
    expect(await Promise.all(starting)).toEqual([true, true]);
    if (existsSync(pidFile)) await expect.poll(() => alive(Number(readFileSync(pidFile, 'utf8'))), { timeout: 10_000 }).toBe(false);
  });

  test('a run that does not end its clients has them ended at its release, in bounded time', async () => {
    const { acquire } = await open(implementation('hang-at-disconnect'), { bounds: { callMs: 200, stopMs: 100 } });
    const lease = await acquire();
    await lease.client(hear()).connect(connect());
    await lease.release();
    expect(lease.failure()?.facts).toMatchObject({ kind: 'hung', method: 'disconnect' });
  });

  test.skipIf(!existsSync(built)).each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('the runner ends by %s', async (signal) => {
    const pidFile = join(scratch(), 'pid');
    const what = implementation('pid-file', { arguments: [pidFile] });
    const runner = spawn(process.execPath, [fileURLToPath(new URL('./testing/runner.mjs', import.meta.url)), JSON.stringify(what)]);
    onTestFinished(() => {
      runner.kill('SIGKILL');
    });
    const ended = once(runner, 'exit');
    await once(runner.stdout, 'data');
    const pid = Number(readFileSync(pidFile, 'utf8'));
    expect(alive(pid)).toBe(true);
    runner.kill(signal);
    expect(await ended).toEqual([null, signal]);
    await expect.poll(() => alive(pid), { timeout: 10_000 }).toBe(false);
  });
});
