import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../package-root.ts';
import { type Results, results } from '../results/result.ts';
import { commandLine, main } from './testing/command-line.ts';

const { folder, weir } = commandLine('control');
const simulated = (output: string, ...words: string[]) => weir('run', '--world', 'simulated', '--output', join(folder, output), ...words);
const read = (output: string): Results => results.parse(JSON.parse(readFileSync(join(folder, output, 'results.json'), 'utf8')));
const ids = ({ runs }: Results): string[] => runs.map(({ id }) => id).sort();

describe('shards', () => {
  test('together make the whole, and weir merge puts them together', async () => {
    await simulated('whole', 'rpc/**');
    for (const i of [1, 2, 3]) await simulated(`part${i}`, 'rpc/**', '--shard', `${i}/3`);
    const parts = [1, 2, 3].map((i) => join(folder, `part${i}`, 'results.json'));
    const merged = await weir('merge', ...parts, '--output', join(folder, 'merged'));
    expect(merged.exitCode).toBe(0);
    expect(ids(read('merged'))).toEqual(ids(read('whole')));
    for (const i of [1, 2, 3]) expect(read(`part${i}`).runs.length).toBeLessThan(read('whole').runs.length);
  });

  test('that overlap are refused, as is what is no shard and no results file', async () => {
    const part = join(folder, 'part1', 'results.json');
    expect(await weir('merge', part, part)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('more than one of the results') });
    expect(await weir('run', '--shard', '4/3')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('a shard is written 2/5') });
    writeFileSync(join(folder, 'junk.json'), '{"runs":1}');
    expect(await weir('merge', join(folder, 'junk.json'))).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('no results file'),
    });
  });
});

test('patterns that begin with ! leave cases out, whatever else is named', async () => {
  for (const patterns of [
    ['rpc/**', '!river/rpc/add'],
    ['rpc/**', '!rpc/add', '!retry/**'],
  ]) {
    const { exitCode, stderr } = await simulated('without', ...patterns, '--codec', 'json', '--role', 'client');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const ran = ids(read('without'));
    expect(ran).toContain('river/rpc/null-result@client+json');
    expect(ran).not.toContain('river/rpc/add@client+json');
  }
  const all = await weir(
    'run',
    '--world',
    'simulated',
    '--no-output',
    '!river/{cancel,limits,malformed,session,stream,upload}/**',
    '--codec',
    'json',
  );
  expect(all).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await simulated('without', 'rpc/**', '!rpc/nowhere')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('no case matches'),
  });
});

test('--repeat runs each case-run that often, and says so where verdicts change', async () => {
  const { stdout } = await simulated('repeat', 'rpc/add@client+json', '--repeat', '5');
  expect(ids(read('repeat'))).toEqual(['river/rpc/add@client+json', ...[2, 3, 4, 5].map((i) => `river/rpc/add@client+json#${i}`)]);
  expect(stdout).toContain('5 passed');
  expect(stdout).toContain('1 case-runs repeated, 0 of them with changing verdicts');
  expect(read('repeat').rates).toEqual([{ id: 'river/rpc/add@client+json', times: 5, counts: { pass: 5 } }]);
});

test('--sweep runs the variants of a nominal case, one alone where it is named', async () => {
  await simulated('sweep', 'rpc/add@client+json', '--sweep');
  const all = ids(read('sweep'));
  expect(all).toContain('river/rpc/add~cut-inside:server:2@client+json');
  expect(all.length).toBeGreaterThan(20);
  const { stdout, exitCode } = await simulated('sweep', 'rpc/add@client+json', '--sweep', 'drop:client:2');
  expect(ids(read('sweep'))).toEqual(['river/rpc/add~drop:client:2@client+json']);
  expect({ stdout, exitCode }).toMatchObject({ stdout: expect.stringContaining('1 passed'), exitCode: 0 });
  expect(await simulated('sweep', 'rpc/add', '--sweep', 'dorp')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('not dorp'),
  });
  expect(await simulated('sweep', 'cancel/twice', '--sweep')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('no variant is left'),
  });
});

/** The good adapter, but for one procedure, which it refuses to call. */
function flawed(name: string): string {
  const place = join(folder, name);
  mkdirSync(place, { recursive: true });
  const adapter = readFileSync(join(packageRoot(), 'implementations', 'reference-node', 'adapter.mjs'), 'utf8');
  expect(adapter).toContain('import');
  writeFileSync(
    join(place, 'adapter.mjs'),
    `import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
const real = spawn(process.execPath, [process.env.REAL], { stdio: ['pipe', 'inherit', 'inherit'] });
for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  if (message.method === 'invoke' && message.params.procedure === 'divide') {
    process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id: message.id, error: { code: -32000, message: 'division is not done here' } }) + '\\n');
  } else real.stdin.write(line + '\\n');
}
real.stdin.end();
`,
  );
  writeFileSync(
    join(place, 'implementation.yaml'),
    `name: flawed\ntitle: Flawed\nlanguage: JavaScript\nprotocol: river\nroles: [client]\ncommand: [node, adapter.mjs]\nenv: { REAL: ${JSON.stringify(join(packageRoot(), 'implementations', 'reference-node', 'adapter.mjs'))} }\n`,
  );
  return place;
}

describe('against an implementation with one flaw', () => {
  const run = (output: string, ...words: string[]) =>
    weir('run', '-i', flawed('flawed'), '--role', 'client', '--codec', 'json', '--output', join(folder, output), ...words);

  test('the flaw is found, confirmed, and --last-failed runs only what was red', async () => {
    expect((await run('first', 'rpc/add', 'rpc/declared-error', 'rpc/recursive')).exitCode).toBe(1);
    const red = read('first').runs.filter(({ verdict }) => verdict === 'fail');
    expect(red).toMatchObject([{ id: 'river/rpc/declared-error@client+json', confirmed: true, findings: [{ judge: 'adapter' }] }]);
    expect((await run('first', 'rpc/add', 'rpc/declared-error', 'rpc/recursive', '--last-failed')).exitCode).toBe(1);
    expect(ids(read('first'))).toEqual(['river/rpc/declared-error@client+json']);
  });

  test('what a frozen set does not have runs, but breaks nothing and does not score', async () => {
    const set = (name: string, ...cases: string[]): string => {
      const file = join(folder, `${name}.yaml`);
      writeFileSync(file, `title: A set of the tests\ncut: 2026-01-01\ncases: [${cases.join(', ')}]\n`);
      return file;
    };
    const early = await run('set', 'rpc/add', 'rpc/declared-error', '--set', set('early', 'river/rpc/add'));
    expect(early).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('score early: 1 of 1 cases') });
    expect(read('set')).toMatchObject({
      score: { set: 'early', cases: { passed: 1, total: 1 } },
      runs: [
        { inSet: true, verdict: 'pass', expected: 'as-expected' },
        { inSet: false, verdict: 'fail', expected: 'beyond-set' },
      ],
    });
    const late = await run('set', 'rpc/add', 'rpc/declared-error', '--set', set('late', 'river/rpc/add', 'river/rpc/declared-error'));
    expect(late).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('score late: 1 of 2 cases') });
    expect(await run('set', 'rpc/add', '--set', 'v0.0')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('unknown set `v0.0`'),
    });
    writeFileSync(join(folder, 'broken.yaml'), 'title: A set without cases\n');
    expect(await run('set', 'rpc/add', '--set', join(folder, 'broken.yaml'))).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('broken.yaml:1:1'),
    });
  });

  test('--bail stops after so many failures', async () => {
    const { exitCode } = await run('bail', 'rpc/**', 'errors/**', '--bail', '1', '--concurrency', '1', '--no-confirm');
    expect(exitCode).toBe(1);
    expect(read('bail').runs.filter(({ verdict }) => verdict === 'fail')).toHaveLength(1);
  });

  test('--isolate gives the same verdicts', async () => {
    await run('isolated', 'rpc/add', 'rpc/declared-error', '--isolate');
    expect(read('isolated').runs.map(({ case: id, verdict }) => [id, verdict])).toEqual([
      ['river/rpc/add', 'pass'],
      ['river/rpc/declared-error', 'fail'],
    ]);
  });
});

test('--last-failed without an earlier run says so', async () => {
  expect(await simulated('never', '--last-failed')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('there is no') });
});

test('--watch runs again when the implementation changes, and ends with Ctrl-C', async () => {
  const place = flawed('watched');
  const watching = execa(process.execPath, [main, 'run', '-i', place, 'rpc/add@client+json', '--watch', '--no-output'], {
    cwd: folder,
    reject: false,
  });
  const heard = heardFrom(watching.stdout);
  await heard('watching for changes');
  writeFileSync(join(place, 'touched'), '');
  await heard('watching for changes');
  watching.kill('SIGINT');
  expect((await watching).stdout.match(/1 passed/g)).toHaveLength(2);
});

/** Waits for the next time a stream says something. */
function heardFrom(stream: NodeJS.ReadableStream): (text: string) => Promise<void> {
  let said = '';
  stream.on('data', (chunk: Buffer) => {
    said += String(chunk);
  });
  return async (text) => {
    while (!said.includes(text)) await once(stream, 'data');
    said = said.slice(said.indexOf(text) + text.length);
  };
}
