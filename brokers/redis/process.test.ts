import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createWebServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createServer as createTlsServer } from 'node:tls';
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

  const refused: readonly (readonly [words: readonly string[], problem: string])[] = [
    [['CONFIG', 'SET', 'maxmemory', '1'], 'takes no writes: OOM command not allowed'],
    [['CONFIG', 'SET', 'min-replicas-to-write', '1'], 'takes no writes: NOREPLICAS'],
    [['CONFIG', 'SET', 'maxclients', '1'], 'turns connections away: ERR max number of clients'],
    [['ACL', 'SETUSER', 'default', 'off'], 'needs a password'],
    [['ACL', 'SETUSER', 'default', '-@all', '+acl'], 'does not let this user in: NOPERM'],
    [['ACL', 'SETUSER', 'default', '-@write', '+acl'], 'refuses DEL, which a run needs: NOPERM'],
    [['ACL', 'SETUSER', 'default', '-xadd'], 'refuses XADD, which a run needs: NOPERM'],
    [['ACL', 'SETUSER', 'default', '-xreadgroup'], 'refuses XREADGROUP, which a run needs: NOPERM'],
    [['ACL', 'SETUSER', 'default', '-xautoclaim'], 'refuses XAUTOCLAIM, which a run needs: NOPERM'],
    [['ACL', 'SETUSER', 'default', '-xgroup'], 'refuses XGROUP, which a run needs: NOPERM'],
    [['ACL', 'SETUSER', 'default', '-scan'], 'refuses SCAN, which a run needs: NOPERM'],
    [['ACL', 'SETUSER', 'default', '-info'], 'does not let this user in: NOPERM'],
    [['ACL', 'SETUSER', 'default', 'resetkeys', '~app:*'], 'refuses DEL, which a run needs: NOPERM'],
  ];
  test.each(refused)('is told where it does not let everybody do everything, and is left as it was: %j', async (words, problem) => {
    const { url, port } = await started();
    const client = await connectRedis('127.0.0.1', port);
    expect(await probeRedis(url)).toMatchObject({ ok: true });
    await client.call(...words);
    expect(await probeRedis(url)).toMatchObject({ ok: false, problem: expect.stringContaining(problem) });
    await client.call('ACL', 'SETUSER', 'default', 'on', 'nopass', '~*', '+@all');
    expect(await client.call('DBSIZE')).toEqual({ type: 'integer', value: 0 });
    await client.close();
  });

  test.each([
    [['--cluster-enabled', 'yes'], 'is a cluster'],
    [['--rename-command', 'XAUTOCLAIM', "''"], 'refuses XAUTOCLAIM, which a run needs: ERR unknown command'],
  ])('is told apart where it was started with %j', async (more, problem) => {
    const folder = mkdtempSync(join(tmpdir(), 'weir-redis-'));
    const command = join(folder, 'redis-server');
    writeFileSync(command, `#!/bin/sh\nexec redis-server "$@" --dir ${folder} ${more.join(' ')}\n`, { mode: 0o755 });
    try {
      redis = await startRedis({ command, random: Math.random, guard: reaper });
      expect(await probeRedis(redis.url)).toMatchObject({ problem: expect.stringContaining(problem) });
    } finally {
      rmSync(folder, { recursive: true });
    }
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

/** What a port answers that is asked HELLO: all it says to whoever speaks to it. */
const others: readonly (readonly [what: string, says: string, problem: string])[] = [
  ['speaks something else', 'SSH-2.0-OpenSSH_9.2\r\n', 'is no Redis: it sent what is no RESP'],
  ['hangs up', '', 'is no Redis: it hung up'],
  ['is protected', '-DENIED Redis is running in protected mode because protected mode is enabled\r\n', 'turns connections away: DENIED'],
  ['is loading', '-LOADING Redis is loading the dataset in memory\r\n-LOADING Redis\r\n', 'is still loading'],
  ['is busy with a script', '-BUSY Redis is busy running a script.\r\n-BUSY Redis is busy\r\n', 'has no time: BUSY'],
  ['has a master that is away', '-MASTERDOWN Link with MASTER is down\r\n-MASTERDOWN Link\r\n', 'is a replica, and its master is away'],
  ['mails', '220 mail.example ESMTP\r\n', 'is no Redis: it sent what is no RESP'],
  ['says a length that nobody can read', '$99999999999999999999\r\n', 'is no Redis: a frame is longer'],
  ['ends in the middle', '%7\r\n$6\r\nserver', 'is no Redis: it hung up'],
  ['answers with pushes only', '>2\r\n+a\r\n+b\r\n>1\r\n+c\r\n', 'is no Redis: it'],
  ['answers with lists in lists', '*1\r\n'.repeat(20_000), 'is no Redis: a value is nested'],
];

async function probed(server: Server): Promise<unknown> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const kind = await probeRedis(`redis://127.0.0.1:${(server.address() as AddressInfo).port}`);
  server.close();
  await once(server, 'close');
  return kind;
}

test.each(others)('what %s is no Redis that can be used', async (_what, says, problem) => {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(says));
  });
  expect(await probed(server)).toMatchObject({ ok: false, problem: expect.stringContaining(problem) });
});

test('nor is a web server', async () => {
  const server = createWebServer((_request, response) => void response.end('hello'));
  expect(await probed(server)).toMatchObject({
    problem: expect.stringMatching(/^is no Redis: it sent what is no RESP: no value begins with "H"/),
  });
});

test('nor is a port where TLS is spoken', async () => {
  const server = createTlsServer();
  expect(await probed(server)).toMatchObject({ problem: expect.stringMatching(/^is no Redis: /) });
});

test.each([
  'redis://127.0.0.1:6379/3',
  'redis://127.0.0.1/x',
  'redis://127.0.0.1/00',
  'redis://127.0.0.1/0/1',
  'redis://127.0.0.1/?db=1',
  'redis://127.0.0.1/#1',
])('%j names a database that no run uses', async (url) => {
  expect(await probeRedis(url)).toMatchObject({ problem: expect.stringContaining('leave it out') });
});

test.each([
  'redis:',
  'http://x',
  'rediss://x',
  'unix:///tmp/redis.sock',
  'redis+sentinel://x',
  'localhost:6379',
  'redis://127.0.0.1:99999',
  '',
])('%j is no address of a Redis', async (url) => {
  expect(await probeRedis(url)).toMatchObject({ problem: 'is no address of the form redis://host:port' });
});
