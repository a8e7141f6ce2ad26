import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { type Results, results } from '../results/result.ts';
import { askedCommandLine, main } from './testing/command-line.ts';
import { flawed } from './testing/flawed.ts';

const { folder, weir } = askedCommandLine('control');
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

  test('without a case say so, and leave results that can be merged', async () => {
    await simulated('few1', 'rpc/add', '--shard', '1/2');
    expect(await simulated('few2', 'rpc/add', '--shard', '2/2')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('part 2 of 2 has no case'),
    });
    expect(await simulated('few3', 'rpc/add', '--sweep', '--shard', '2/2')).toMatchObject({ exitCode: 0 });
    expect(await simulated('none', 'rpc/nothing-like-it', '--shard', '2/2')).toMatchObject({ exitCode: 2 });
    const [some, none] = ['few1', 'few2'].map((part) => join(folder, part, 'results.json'));
    expect((await weir('merge', `${some}`, `${none}`)).exitCode).toBe(0);
    writeFileSync(`${some}`, readFileSync(`${none}`, 'utf8').replace('"index": 2', '"index": 1'));
    expect(await weir('merge', `${some}`, `${none}`)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('nothing was run') });
  });
});

test('a merged report brings traces and bundles along: every path that it names is there', async () => {
  const own = flawed(join(folder, 'flawed-shards'));
  for (const i of [1, 2]) {
    await weir(
      'run',
      'rpc/add',
      'rpc/union',
      'errors/*',
      'stream/*',
      '-i',
      own,
      '--binding',
      'json',
      '--shard',
      `${i}/2`,
      '-o',
      `moved${i}`,
      '--traces',
      'all',
    );
  }
  const merged = await weir('merge', 'moved1', 'moved2/results.json', '-o', 'moved');
  const { runs } = read('moved');
  const paths = runs.flatMap(({ trace, bundle }) => [trace, bundle]).filter((path) => path !== undefined);
  expect(paths.length).toBeGreaterThan(2);
  expect(paths.filter((path) => !existsSync(join(folder, 'moved', path)))).toEqual([]);
  for (const [, path = ''] of merged.stdout.matchAll(/(?:trace {4}|npx weir replay )(moved\/\S+)/g))
    expect(existsSync(join(folder, path)), path).toBe(true);
  // Results of somebody else bring no file of ours along.
  writeFileSync(join(folder, 'secret'), 'x');
  const theirs = JSON.parse(readFileSync(join(folder, 'moved', 'results.json'), 'utf8')) as Results;
  const hostile = { ...theirs, runs: theirs.runs.map((run) => ({ ...run, trace: '../secret', bundle: '/etc/hostname' })) };
  writeFileSync(join(folder, 'moved1', 'theirs.json'), JSON.stringify(hostile));
  const taken = await weir('merge', 'moved1/theirs.json', '-o', 'taken');
  expect(taken.stdout).toMatch(/\d+ traces and bundles that the results name lie outside of their folder, and are not read/);
  expect(readdirSync(join(folder, 'taken')).sort()).toEqual(['junit.xml', 'results.json']);
});

test('patterns that begin with ! leave cases out, whatever else is named', async () => {
  for (const patterns of [
    ['rpc/**', '!river/rpc/add'],
    ['rpc/**', '!rpc/add', '!retry/**'],
  ]) {
    const { exitCode, stderr } = await simulated('without', ...patterns, '--binding', 'json', '--role', 'client');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const ran = ids(read('without'));
    expect(ran).toContain('river/rpc/null-result@client+json');
    expect(ran).not.toContain('river/rpc/add@client+json');
  }
  const all = await weir('run', '--world', 'simulated', '--no-output', '!river/[a-qs-z]*/**', '!river/re*/**', '--binding', 'json');
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

describe('against an implementation with one flaw', () => {
  const run = (output: string, ...words: string[]) =>
    weir('run', '-i', flawed(join(folder, 'flawed')), '--role', 'client', '--binding', 'json', '--output', join(folder, output), ...words);

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

  test('weir merge finds what only the whole shows: an entry that nothing needs, and one that fits nothing', async () => {
    const place = flawed(join(folder, 'listed'));
    const manifest = join(place, 'implementation.yaml');
    writeFileSync(manifest, `${readFileSync(manifest, 'utf8')}known-failures: known.yaml\n`);
    const entry = (pattern: string) => `- { case: ${pattern}, reason: x, checkpoint: "*" }\n`;
    writeFileSync(join(place, 'known.yaml'), ['river/rpc/declared-error', 'river/rpc/re*', 'river/nowhere'].map(entry).join(''));
    const files = [1, 2].map((i) => join(folder, `known${i}`, 'results.json'));
    for (const i of [1, 2]) {
      const words = ['rpc/recursive', 'rpc/declared-error', '--binding', 'json', '--shard', `${i}/2`, '--output', `known${i}`];
      expect((await weir('run', '-i', place, ...words)).exitCode).toBe(0);
    }
    expect(await weir('merge', ...files, '--output', 'known')).toMatchObject({ exitCode: 0 });
    expect(read('known')).not.toHaveProperty('known');
    // As if the two had been the whole corpus.
    for (const file of files) writeFileSync(file, readFileSync(file, 'utf8').replace('"whole": false', '"whole": true'));
    const whole = await weir('merge', ...files, '--output', 'known');
    expect(whole.stdout).toContain('stale: nothing that known-failures lists as "river/rpc/re*"');
    expect(whole.stdout).toContain('unmatched: no case-run fits "river/nowhere"');
    expect(whole.exitCode).toBe(2);
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

test('--last-failed leaves out what was green however often it is asked for, and has nothing to do where all was', async () => {
  const again = (...words: string[]) => simulated('again', 'rpc/{add,null-result}', '--role', 'client', '--binding', 'json', ...words);
  await again();
  expect(await again('--last-failed')).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('nothing was red') });
  const file = join(folder, 'again', 'results.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace('"verdict": "pass"', '"verdict": "fail"'));
  await again('--last-failed');
  expect(ids(read('again'))).toEqual(['river/rpc/add@client+json']);
  expect(await again('--last-failed')).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('nothing was red') });
});

test('--last-failed of a sweep runs the variants that were red', async () => {
  const sweep = (...words: string[]) => simulated('red-variant', 'rpc/add@client+json', '--sweep', 'drop', ...words);
  await sweep();
  const file = join(folder, 'red-variant', 'results.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace('"verdict": "pass"', '"verdict": "fail"'));
  const [red] = read('red-variant').runs.filter(({ verdict }) => verdict === 'fail');
  await sweep('--last-failed');
  expect(ids(read('red-variant'))).toEqual([red?.id]);
});

test('--bail is not set off by what breaks no build', async () => {
  const program = fileURLToPath(new URL('./testing/hostile.mjs', import.meta.url));
  const manifest = { name: 'warned', title: 'x', language: 'x', protocol: 'river', roles: ['client'], command: ['node', program, 'none'] };
  writeFileSync(join(folder, 'warned.yaml'), JSON.stringify({ ...manifest, 'known-failures': 'warned-failures.yaml' }));
  writeFileSync(join(folder, 'warned-failures.yaml'), JSON.stringify([{ case: 'river/rpc/union', reason: 'it is hostile' }]));
  const { exitCode, stdout } = await weir(
    ...['run', '-i', './warned.yaml', 'rpc/union', 'stream/interleaved', '--role', 'client', '--binding', 'json', '--no-output'],
    ...['--bail', '1', '--concurrency', '1', '--no-confirm'],
  );
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringContaining('1 passed, 1 failed, 1 of them known failures') });
});

test.each([
  ['a file', 'no-folder'],
  ['no name', ''],
  ['where none can be made', '/proc/x/y'],
])('an output folder that is %s is refused before anything is run', async (_what, output) => {
  writeFileSync(join(folder, 'no-folder'), '');
  const { exitCode, stdout, stderr } = await weir('run', 'rpc/add', '--world', 'simulated', '--output', output);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toMatch(/^cannot write reports to "(no-folder|\/proc\/x\/y)?": E/);
});

test('--last-failed without an earlier run says so', async () => {
  expect(await simulated('never', 'rpc/add', '--last-failed')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('there is no'),
  });
});

test('--last-failed after a results file that is none says so', async () => {
  await simulated('torn', 'rpc/add');
  writeFileSync(join(folder, 'torn', 'results.json'), '{ "runs": [');
  expect(await simulated('torn', 'rpc/add', '--last-failed')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('is no results file'),
  });
  expect(existsSync(join(folder, 'torn', 'junit.xml'))).toBe(true);
});

test.each([
  [['--seed', '99999999999999999999'], 'expected at most 9007199254740991'],
  [['--seed', ''], 'expected a whole number'],
  [['--repeat', '1e1'], 'expected a whole number'],
  [['--timeout', '3000000000'], 'expected at most 2147483647 ms'],
  [['--time-scale', '1e9'], 'from 0.001 to 1000'],
  [['--time-scale', '1e-9'], 'from 0.001 to 1000'],
])('%j is refused', async (words, message) => {
  expect(await weir('run', 'rpc/add', '--no-output', ...words)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(message) });
});

test('more case-runs at a time than there are is no more work', async () => {
  expect(await weir('run', 'rpc/add', '--no-output', '--world', 'simulated', '--concurrency', '9007199254740991')).toMatchObject({
    exitCode: 0,
    stderr: '',
  });
});

test('a reader that stops reading stops neither the run nor its reports', async () => {
  const command = `"${process.execPath}" "${main}" run 'rpc/**' --world simulated --verbose -o unread | head -n 1`;
  const { stdout, stderr } = await execa('sh', ['-c', command], { cwd: folder, env: { NO_COLOR: '1' } });
  expect({ stdout, stderr }).toEqual({ stdout: expect.stringContaining('River v2.0'), stderr: '' });
  expect(ids(read('unread'))).toContain('river/rpc/add@client+json');
});
