import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { textOf } from '../../protocols/carriers/resp/value.ts';
import { createReaper } from '../../runner/adapters/reaper.ts';
import { within } from '../../runner/adapters/within.ts';
import { connectRedis } from './client.ts';
import { probeRedis } from './probe.ts';
import { RedisMissing, type RedisProcess, startRedis, TO_HAVE_REDIS } from './process.ts';

const isThere = spawnSync('redis-server', ['--version']).status === 0;
const reaper = createReaper(process);
afterAll(() => reaper.close());

test('a Redis that is not installed is told with what installs it', async () => {
  const starting = startRedis({ command: '/nowhere/redis-server', random: Math.random, guard: reaper });
  await expect(starting).rejects.toThrow(RedisMissing);
  await expect(starting).rejects.toThrow('apt-get install redis-server');
});

test('a program that is none is told with what it said', async () => {
  await expect(startRedis({ command: process.execPath, random: Math.random, guard: reaper })).rejects.toThrow(
    /did not start \(exit code 9\): .*bad option/s,
  );
});

const built = new URL('../../dist/', import.meta.url);

describe.skipIf(!isThere)(`a Redis of our own (${TO_HAVE_REDIS})`, () => {
  let redis: RedisProcess | undefined;
  const started = async (random = Math.random): Promise<RedisProcess> => {
    redis = await startRedis({ random, guard: reaper });
    return redis;
  };
  afterEach(() => redis?.stop());

  test('answers, says its version and is gone when it is stopped', async () => {
    const { url, port, version, stop, exited } = await started();
    expect(url).toBe(`redis://127.0.0.1:${port}`);
    expect(await probeRedis(url)).toEqual({ ok: true, version });
    const client = await connectRedis('127.0.0.1', port);
    expect(textOf(await client.call('CONFIG', 'GET', 'save'))).toBeUndefined();
    await stop();
    expect(await exited).toMatch(/exit code 0|signal/);
    await expect(client.call('PING')).rejects.toThrow();
    await client.close();
    expect(await probeRedis(url)).toMatchObject({ ok: false, problem: expect.stringContaining('cannot be reached') });
  });

  test('takes another port where somebody has the first', async () => {
    const first = await started();
    const chances = [(first.port - 10_000 + 0.5) / 20_000];
    const second = await startRedis({ random: () => chances.shift() ?? Math.random(), guard: reaper });
    expect(chances).toEqual([]);
    expect(second.port).not.toBe(first.port);
    await second.stop();
  });

  test('is told apart where it needs a password or is a replica', async () => {
    const { url, port } = await started();
    const client = await connectRedis('127.0.0.1', port);
    await client.call('REPLICAOF', '127.0.0.1', '1');
    expect(await probeRedis(url)).toMatchObject({ problem: expect.stringContaining('is a replica') });
    await client.call('REPLICAOF', 'NO', 'ONE');
    await client.call('CONFIG', 'SET', 'requirepass', 'secret word');
    expect(await probeRedis(url)).toMatchObject({ problem: expect.stringContaining('needs a password') });
    // The right one helps nobody: the ends of a run dial a proxy, and have none.
    expect(await probeRedis(url.replace('//', '//:secret%20word@'))).toMatchObject({
      problem: expect.stringContaining('needs a password'),
    });
    await client.close();
  });

  test.each([
    [['CONFIG', 'SET', 'maxmemory', '1'], 'takes no writes: OOM command not allowed'],
    [['CONFIG', 'SET', 'min-replicas-to-write', '1'], 'takes no writes: NOREPLICAS'],
    [['ACL', 'SETUSER', 'default', '-xadd'], 'takes no writes: NOPERM'],
  ])('is told where it takes no writes: %j', async (words, problem) => {
    const { url, port } = await started();
    const client = await connectRedis('127.0.0.1', port);
    expect(await probeRedis(url)).toMatchObject({ ok: true });
    await client.call(...words);
    expect(await probeRedis(url)).toMatchObject({ problem: expect.stringContaining(problem) });
    expect(await client.call('DBSIZE')).toEqual({ type: 'integer', value: 0 });
    await client.close();
  });

  test.skipIf(!existsSync(built))('ends with its owner, also where that is killed', async () => {
    const script = fileURLToPath(new URL('testing/owns-a-redis.mjs', import.meta.url));
    const owner = spawn(process.execPath, [script, built.href], { stdio: ['ignore', 'pipe', 'inherit'] });
    const port = Number((await once(createInterface(owner.stdout), 'line'))[0]);
    const client = await connectRedis('127.0.0.1', port);
    expect(textOf(await client.call('PING'))).toBe('PONG');
    owner.kill('SIGKILL');
    expect(
      await within(
        client.next().catch(() => 'gone'),
        20_000,
      ),
    ).toEqual({ type: 'done', value: 'gone' });
    await client.close();
  });
});

test.each([
  ['speaks something else', 'SSH-2.0-OpenSSH_9.2\r\n', 'is no Redis: it sent what is no RESP'],
  ['hangs up', '', 'is no Redis: it hung up'],
])('what %s is no Redis', async (_name, says, problem) => {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(says));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  expect(await probeRedis(`redis://127.0.0.1:${(server.address() as AddressInfo).port}`)).toMatchObject({
    problem: expect.stringContaining(problem),
  });
  server.close();
  await once(server, 'close');
});

test.each(['redis://127.0.0.1:6379/3', 'redis://127.0.0.1/x'])('%j names a database that no run uses', async (url) => {
  expect(await probeRedis(url)).toMatchObject({ problem: expect.stringContaining('leave it out') });
});

test.each(['redis:', 'http://x', 'rediss://x', 'localhost:6379', 'redis://127.0.0.1:99999', ''])(
  '%j is no address of a Redis',
  async (url) => {
    expect(await probeRedis(url)).toMatchObject({ problem: 'is no address of the form redis://host:port' });
  },
);
