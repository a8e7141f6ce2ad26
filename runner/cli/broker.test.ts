import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectRedis, type RedisClient } from '../../brokers/redis/client.ts';
import { type RedisProcess, startRedis, TO_HAVE_REDIS } from '../../brokers/redis/process.ts';
import { plainOf } from '../../protocols/carriers/resp/plain.ts';
import { createReaper } from '../adapters/reaper.ts';
import { main } from './testing/command-line.ts';

// A protocol whose ends dial a broker, by the command line: with one of the user's, without any, with one that will not do.

const weir = (words: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  execa(process.execPath, [main, ...words], { reject: false, env, timeout: 60_000 });

/** A folder to look for programs in that has Node and no Redis. */
function withoutRedis(folder: string): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  if (!existsSync(join(bin, 'node'))) symlinkSync(process.execPath, join(bin, 'node'));
  return bin;
}

/** Writes a case that fails whoever is right. Gives its path. */
function writeWrongCase(folder: string): string {
  const file = join(folder, 'wrong.yaml');
  const steps = [
    '  - invoke: { as: sum, procedure: calc.add, value: { a: 2, b: 40 } }',
    '  - await: { wire: { from: server, of: server, kind: XACK } }',
    '  - receive: { from: sum, ok: { sum: 43 } }',
  ];
  const head = ['title: A sum that is wrong on purpose', 'requirements: [CLAMATOR-REPLY-03]', 'under-test: server', 'steps:'];
  const expect_ = ['expect:', '  - wire: { from: server, of: server, kind: XADD }', '    times: 1'];
  writeFileSync(file, [...head, ...steps, ...expect_, ''].join('\n'));
  return file;
}

const isThere = spawnSync('redis-server', ['--version']).status === 0;

describe.skipIf(!isThere)(`with a Redis of the user's (${TO_HAVE_REDIS})`, () => {
  const reaper = createReaper(process, []);
  let redis: RedisProcess;
  let client: RedisClient;
  beforeAll(async () => {
    redis = await startRedis({ random: Math.random, guard: reaper });
    client = await connectRedis('127.0.0.1', redis.port);
  });
  afterAll(async () => {
    await client.close();
    await redis.stop();
    reaper.close();
  });
  const ask = async (...words: readonly string[]): Promise<unknown> => plainOf(await client.call(...words));

  test('what is not of a run survives it, and nothing of a run is left', async () => {
    const own = ['mine', 'weir', 'weir-', 'weir-1-x:cmds:calc', 'cmds:calc', '*'];
    for (const key of own) await ask('SET', key, 'kept');
    const { exitCode, stdout } = await weir(['run', 'clamator/keys/**', 'clamator/stop/**', '--redis-url', redis.url, '--no-output']);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining(' passed')]);
    expect(await ask('DBSIZE')).toBe(own.length);
    expect(await ask('MGET', ...own)).toEqual(own.map(() => 'kept'));
  });

  test('what would strike all of it is not done, but skipped with the reason', async () => {
    await ask('SET', 'mine', 'kept');
    const words = [
      'clamator/outages/again-and-again',
      'clamator/groups/lost/its-stream-is-deleted',
      '--role',
      'server',
      '--binding',
      'resp2',
    ];
    const folder = mkdtempSync(join(tmpdir(), 'weir-outages-'));
    try {
      const { exitCode, stdout } = await weir(['run', ...words, '--redis-url', redis.url, '--output', folder]);
      expect([exitCode, stdout]).toEqual([0, expect.stringContaining('1 passed, 3 skipped')]);
      expect(readFileSync(join(folder, 'results.json'), 'utf8')).toContain('without --redis-url it gets one of its own');
    } finally {
      rmSync(folder, { recursive: true });
    }
    expect(await ask('GET', 'mine')).toBe('kept');
  });

  test('a tap before it stands between several clients and servers, and blames who breaks a rule and nobody else', async () => {
    const spawned = (words: readonly string[]) => execa(process.execPath, [main, ...words], { reject: false, timeout: 60_000 });
    const children: ReturnType<typeof spawned>[] = [];
    const start = async (words: readonly string[], until: RegExp): Promise<{ said: () => string }> => {
      const child = spawned(words);
      children.push(child);
      let text = '';
      await new Promise<void>((resolve, reject) => {
        child.stdout.on('data', (chunk: Buffer) => {
          text += chunk.toString();
          if (until.test(text)) resolve();
        });
        void child.then(() => reject(new Error(`it ended, having said ${text}`)));
      });
      return { said: () => text };
    };
    try {
      const tap = await start(
        ['tap', 'clamator', '--upstream', redis.url, '--clients', '2', '--servers', '2', '--quiet'],
        /frames are kept/,
      );
      const at = (name: string): string => new RegExp(`^  ${name} +(redis:\\S+)`, 'm').exec(tap.said())?.[1] ?? '';
      for (const name of ['server', 'server-2'])
        await start(['serve', 'clamator', '--redis-url', at(name), '--server-id', name, '--space', 'tapped'], /Ctrl-C/);
      for (const name of ['client', 'client-2', 'client', 'client-2'])
        expect(await weir(['call', 'clamator', at(name), 'calc.add', '{"a":1,"b":2}', '--space', 'tapped'])).toMatchObject({
          exitCode: 0,
          stdout: '{"sum":3}',
        });
      expect(tap.said()).not.toContain('breaks');
      // One that acknowledges what it answers only then. That it answers at all a tap cannot ask for, which knows no kinds of procedures.
      const [liar, caller] = await Promise.all(
        ['server-2', 'client'].map((name) => connectRedis('127.0.0.1', Number(new URL(at(name)).port))),
      );
      const [stream, request] = ['tapped:cmds:liar', '{"jsonrpc":"2.0","method":"liar.lie","params":{},"id":"a"}'];
      await liar?.call('XGROUP', 'CREATE', stream, 'liar', '$', 'MKSTREAM');
      const added = await caller?.call('XADD', stream, '*', 'type', 'rpc', 'envelope', request, 'reply-to', 'tapped:replies:raw');
      await liar?.call('XREADGROUP', 'GROUP', 'liar', 'liar:x', 'COUNT', '16', 'BLOCK', '1000', 'STREAMS', stream, '>');
      await liar?.call('XACK', stream, 'liar', String(added && plainOf(added)));
      const reply = '{"jsonrpc":"2.0","id":"a","result":{}}';
      await liar?.call('XADD', 'tapped:replies:raw', 'MAXLEN', '~', '1024', '*', 'type', 'rpc', 'envelope', reply);
      await Promise.all([liar?.close(), caller?.close()]);
      const [taps, ...serving] = children;
      for (const server of serving) server.kill('SIGINT');
      await Promise.all(serving);
      taps?.kill('SIGINT');
      expect(await taps).toMatchObject({ exitCode: 1 });
      expect(tap.said()).toContain('the server breaks CLAMATOR-REPLY-05');
      expect(tap.said().match(/breaks/g)).toHaveLength(1);
      expect(tap.said()).toMatch(/client: (\d+) of \1 requirements kept/);
    } finally {
      for (const child of children) child.kill('SIGKILL');
      await ask('DEL', 'tapped:cmds:calc', 'tapped:cmds:log', 'tapped:cmds:liar', 'tapped:replies:raw');
    }
  });

  test('what is generated and what is replayed runs with it, on a machine that has no other', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'weir-named-redis-'));
    const lone = (words: readonly string[]) => weir(words, { PATH: withoutRedis(folder) });
    try {
      const there = await ask('DBSIZE');
      const fuzz = await lone([
        'fuzz',
        'clamator',
        '--redis-url',
        redis.url,
        '--runs',
        '20',
        '--seed',
        '1',
        '--output',
        join(folder, 'found'),
      ]);
      expect([fuzz.exitCode, fuzz.stdout]).toEqual([0, expect.stringContaining('real world, seed 1')]);
      const file = writeWrongCase(folder);
      const words = ['--protocol', 'clamator', '--binding', 'resp2', '--redis-url', redis.url, '--output', join(folder, 'out')];
      expect((await lone(['run', file, ...words])).stdout).toContain('sum: expected 43, got 42');
      const [bundle = ''] = readdirSync(join(folder, 'out', 'bundles'));
      const path = join(folder, 'out', 'bundles', bundle);
      expect((await lone(['replay', path])).stderr).toContain(TO_HAVE_REDIS);
      const again = await lone(['replay', path, '--redis-url', redis.url]);
      expect(again.stdout).toContain('sum: expected 43, got 42');
      expect(await ask('DBSIZE')).toBe(there);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('the reference server serves there, and one call is made', async () => {
    const serving = execa(process.execPath, [main, 'serve', 'clamator', '--redis-url', redis.url, '--space', 'demo'], { reject: false });
    await new Promise<void>((resolve) => serving.stdout?.once('data', () => resolve()));
    const call = (...words: readonly string[]) => weir(['call', 'clamator', redis.url, ...words, '--space', 'demo']);
    expect(await call('calc.add', '{"a":1,"b":2}')).toMatchObject({ exitCode: 0, stdout: '{"sum":3}' });
    expect(await call('calc.deny', '{"a":1,"b":2}', '--binding', 'resp3')).toMatchObject({
      exitCode: 1,
      stdout: '{"ok":false,"error":{"code":-32010,"message":"denied","extras":{"why":"test"}}}',
      stderr: '',
    });
    serving.kill('SIGTERM');
    expect((await serving).exitCode).toBe(0);
    expect(await ask('EXISTS', 'demo:replies:weir')).toBe(0);
  });
});

test('without a Redis the case-runs of the real world are skipped, with what installs one, and the simulated world needs none', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-no-redis-'));
  try {
    const bin = withoutRedis(folder);
    const real = await weir(['run', 'clamator/requests/one', '--no-output'], { PATH: bin });
    expect(real.stdout).toContain('4 skipped');
    expect(`${real.stdout}${real.stderr}`).toContain(TO_HAVE_REDIS);
    const simulated = await weir(['run', 'clamator/requests/one', '--no-output', '--world', 'simulated'], { PATH: bin });
    expect([simulated.exitCode, simulated.stdout]).toEqual([0, expect.stringContaining('4 passed')]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('without a Redis nothing is found by weir fuzz: it says what installs one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-no-redis-'));
  try {
    const found = join(folder, 'found');
    const fuzz = await weir(['fuzz', 'clamator', '--world', 'real', '--runs', '5', '--output', found], { PATH: withoutRedis(folder) });
    expect([fuzz.exitCode, fuzz.stdout, fuzz.stderr]).toEqual([2, '', expect.stringContaining(TO_HAVE_REDIS)]);
    expect(readdirSync(found)).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each([
  [['fuzz', 'river', '--redis-url', 'redis://127.0.0.1:1'], 'nothing stands between the ends of River'],
  [['fuzz', 'clamator', '--world', 'simulated', '--redis-url', 'redis://127.0.0.1:1'], 'leave --world simulated or --redis-url out'],
  [['fuzz', 'clamator', '--redis-url', 'redis://127.0.0.1:1'], 'the Redis at redis://127.0.0.1:1 cannot be reached'],
])('a Redis that makes no sense to weir %j is refused', async (words, why) => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-no-sense-'));
  try {
    const { exitCode, stderr } = await weir([...words, '--output', folder]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(why)]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a Redis that is none is told, and nothing is run', async () => {
  const { exitCode, stderr } = await weir(['run', 'clamator/requests/one', '--no-output', '--redis-url', 'redis://127.0.0.1:1']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('the Redis at redis://127.0.0.1:1 cannot be reached');
});

test.each([
  ['call', ['call', 'clamator', 'redis://:hunter2-hunter2@127.0.0.1:1', 'calc.add', '{}'], 'the address'],
  ['serve', ['serve', 'clamator', '--redis-url', 'redis://weir:hunter2-hunter2@127.0.0.1:1'], '--redis-url'],
])('weir %s says that our peers log in nowhere, and not with what', async (_command, words, what) => {
  const { exitCode, stdout, stderr } = await weir(words);
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(stderr).toContain(`${what} names a user or a password`);
  expect(stderr).not.toContain('hunter2');
});

test('what a run with a broker leaves is judged again alike: who dialled, and what names begin with, is in it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-broker-'));
  try {
    const file = writeWrongCase(folder);
    const words = ['run', file, '--protocol', 'clamator', '--binding', 'resp2', '--world', 'simulated', '--output', join(folder, 'out')];
    const ran = await weir(words);
    expect(ran.stdout).toContain('sum: expected 43, got 42');
    const also = /and \d+ more findings? in this run/.exec(ran.stdout)?.[0] ?? 'nothing more';
    const [bundle = ''] = readdirSync(join(folder, 'out', 'bundles'));
    const path = join(folder, 'out', 'bundles', bundle);
    const checked = await weir(['check', path]);
    expect(checked.stdout).toContain('sum: expected 43, got 42');
    expect(/and \d+ more findings? in this run/.exec(checked.stdout)?.[0] ?? 'nothing more').toBe(also);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ observed: { facts: { space: 'weir' } } });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
