import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { readBundle } from '../bundles/format.ts';
import { packageRoot } from '../package-root.ts';
import { askedCommandLine } from './testing/command-line.ts';

const { folder, weirIn } = askedCommandLine('reproduce');
const adapter = fileURLToPath(new URL('testing/off-by-one.mjs', import.meta.url));
let bundle: string;

const run = (words: string[], env: Record<string, string> = {}) => weirIn({ env }, ...words);

beforeAll(async () => {
  mkdirSync(join(folder, 'mine'));
  const manifest = {
    name: 'mine',
    title: 'Mine',
    language: 'JavaScript',
    protocol: 'river',
    roles: ['client'],
    command: ['node', adapter],
  };
  writeFileSync(join(folder, 'mine', 'implementation.yaml'), `# Mine.\n${stringify(manifest)}`);
  const { exitCode, stdout, stderr } = await run(['run', 'rpc/add', '--binding', 'json', '-i', 'mine', '-o', 'out', '--seed', '3']);
  expect(stderr).toBe('');
  // As it is printed: a bundle runs no implementation that nobody named.
  const [, replay = ''] = /npx weir (replay out\/bundles\/.*)/.exec(stdout) ?? [];
  expect(replay).toMatch(/ --implementation mine$/);
  expect((await run(replay.split(' '))).stdout).toContain('with mine');
  expect(stdout).toContain('1 failure, 1 cause');
  expect(exitCode).toBe(1);
  bundle = join(folder, 'out', 'bundles', readdirSync(join(folder, 'out', 'bundles'))[0] ?? '');
});

const FINGERPRINT = /expectation\/RIVER-[A-Z0-9-]+\/receive\/result/;

describe('a bundle', () => {
  test('holds all it takes, and no path of this machine', () => {
    const text = readFileSync(bundle, 'utf8');
    expect(readBundle(bundle, text)).toMatchObject({
      run: 'river/rpc/add@client+json',
      case: { file: 'cases/river/rpc/add.yaml', text: readFileSync(join(packageRoot(), 'cases/river/rpc/add.yaml'), 'utf8') },
      seed: 3,
      world: 'real',
      implementation: { named: 'mine' },
      verdict: 'fail',
      stderr: expect.stringContaining('off by one'),
      golden: { ok: true },
    });
    expect(text).not.toContain(folder);
    expect(text).not.toContain(packageRoot());
  });

  test('is judged again without the implementation', async () => {
    const { exitCode, stdout } = await run(['check', bundle]);
    expect(stdout).toContain('FAIL river/rpc/add@client+json');
    expect(stdout).toMatch(new RegExp(`same fingerprint as recorded: ${FINGERPRINT.source}`));
    expect(exitCode).toBe(1);
  });

  test('is judged by today’s rules: what they allow passes', async () => {
    const changed = join(folder, 'changed.json');
    const read = JSON.parse(readFileSync(bundle, 'utf8'));
    read.observed.outcomes = [{ ok: true }, { ok: true }];
    read.case.text = read.case.text.replace(
      /steps:[\s\S]*/,
      'steps:\n  - invoke: { as: sum, procedure: test.add, init: { n: 1 } }\n  - receive: { from: sum, ok: { result: 1 } }\ntrace: free\n',
    );
    writeFileSync(changed, JSON.stringify(read));
    const { exitCode, stdout, stderr } = await run(['check', changed]);
    expect(stderr).toContain('cases/river/rpc/add.yaml has changed since');
    expect(stdout).toContain('passes now');
    expect(exitCode).toBe(0);
  });

  test('is repeated with the implementation, and counted', async () => {
    const { exitCode, stdout } = await run(['replay', bundle, '-i', 'mine']);
    expect(stdout).toContain('replaying river/rpc/add@client+json with mine');
    expect(stdout).toMatch(new RegExp(`same fingerprint as recorded: ${FINGERPRINT.source}`));
    expect(exitCode).toBe(1);
    const counted = await run(['replay', bundle, '-i', 'mine', '--repeat', '2']);
    expect(counted.stdout).toContain('2 of 2 with the same fingerprint');
  });

  test('fails again where it is about time, although that is the first run of a process', async () => {
    const mute = await run(['run', 'rpc/add', '--codec', 'json', '-i', 'mine', '-o', 'mute'], { MUTE: '1' });
    expect(mute.exitCode).toBe(1);
    const [file = ''] = readdirSync(join(folder, 'mute', 'bundles'));
    const { exitCode, stdout } = await run(['replay', join('mute', 'bundles', file), '-i', 'mine'], { MUTE: '1' });
    expect(stdout).toContain('same fingerprint as recorded');
    expect(stdout).not.toContain('UNCLEAR');
    expect(exitCode).toBe(1);
  });

  test('passes once the bug is gone, or with another implementation', async () => {
    const fixed = await run(['replay', bundle, '-i', 'mine'], { HONEST: '1' });
    expect(fixed.stdout).toContain('passes now');
    expect(fixed.exitCode).toBe(0);
    const other = await run(['replay', bundle, '-i', 'reference-node', '--repeat', '2']);
    expect(other.stdout).toContain('2 passed');
    expect(other.exitCode).toBe(0);
  });

  // One more name is a line. `mine` is there, and so are a folder and a file that are named as what comes with Weir is.
  test.each(['mine', './mine', 'mine/implementation.yaml', './gone', '/', '..', '../mine', 'reference-node/../mine', '\u001b[2J', ''])(
    'runs nothing that only it names: %j',
    async (named) => {
      const theirs = join(folder, 'theirs.json');
      const read = JSON.parse(readFileSync(bundle, 'utf8'));
      for (const implementation of [{ named }, { named, label: '../mine' }]) {
        writeFileSync(theirs, JSON.stringify({ ...read, implementation }));
        const ran = join(folder, 'ran');
        const { exitCode, stdout, stderr } = await run(['replay', theirs], { RAN: ran });
        expect(stderr).toContain('a bundle runs nothing by itself');
        expect(stderr).not.toContain('\u001b');
        expect(stdout).toBe('');
        expect(exitCode).toBe(2);
        expect(existsSync(ran)).toBe(false);
      }
    },
  );

  test('runs what comes with Weir, and not what lies here under its name', async () => {
    cpSync(join(folder, 'mine'), join(folder, 'reference-node'), { recursive: true });
    const ours = join(folder, 'ours.json');
    writeFileSync(ours, JSON.stringify({ ...JSON.parse(readFileSync(bundle, 'utf8')), implementation: { named: 'reference-node' } }));
    const ran = join(folder, 'ran');
    const { stdout, exitCode } = await run(['replay', ours], { RAN: ran });
    expect(stdout).toContain('passes now');
    expect(exitCode).toBe(0);
    expect(existsSync(ran)).toBe(false);
  });
});

test('a trace is judged on its own, by the invariants', async () => {
  const name = readdirSync(join(folder, 'out', 'traces'))[0] ?? '';
  const trace = join('out', 'traces', name);
  const { exitCode, stdout } = await run(['check', trace]);
  expect(stdout).toContain('pass  river/rpc/add@client+json');
  expect(exitCode).toBe(0);
  // The client claims a sequence number out of order: an invariant must see it in the bytes.
  const lines = readFileSync(join(folder, trace), 'utf8').trimEnd().split('\n');
  const broken = lines.map((line) => {
    const record = JSON.parse(line);
    if (record.type !== 'sent' || record.from !== 'client' || record.frame.class !== 'data') return line;
    const text = Buffer.from(record.frame.data, 'base64').toString().replace('"controlFlags":10,', '"controlFlags":2,');
    return JSON.stringify({ ...record, frame: { ...record.frame, data: Buffer.from(text).toString('base64') } });
  });
  writeFileSync(join(folder, 'broken.jsonl'), `${broken.join('\n')}\n`);
  const judged = await run(['check', 'broken.jsonl']);
  expect(judged.stdout).toContain('FAIL river/rpc/add@client+json');
  expect(judged.exitCode).toBe(1);
});

test.each([
  ['nothing', '', 'not JSON'],
  ['half a bundle', '{"schema":"weir-bundle/1"}', 'not a whole bundle'],
  ['another file', '{"a":1}', 'no bundle'],
  ['half a head', '{"weir-trace":1}', 'not the head of a trace'],
  ['a trace of another version', '{"weir-trace":2}', 'a trace of format 2, and this version of Weir reads format 1'],
])('%s is refused by check and replay', async (_name, text, message) => {
  const file = join(folder, 'bad.json');
  writeFileSync(file, text);
  const checked = await run(['check', file]);
  expect(checked.stderr).toContain(message);
  expect(checked.stderr).toContain('bad.json');
  expect(checked.exitCode).toBe(2);
  expect((await run(['replay', file])).exitCode).toBe(2);
});

test('what others wrote cannot redraw the terminal', async () => {
  const file = join(folder, 'painted.json');
  const read = JSON.parse(readFileSync(bundle, 'utf8'));
  const [finding] = read.findings;
  for (const text of ['\u001b[2J', JSON.stringify({ ...read, weir: '\u001b[2J', findings: [{ ...finding, fingerprint: '\u001b[2J' }] })]) {
    writeFileSync(file, text);
    const { stdout, stderr } = await run(['check', file]);
    expect(`${stdout}${stderr}`).toContain('\\u001b');
    expect(`${stdout}${stderr}`).not.toContain('\u001b');
  }
  mkdirSync(join(folder, 'painter'));
  writeFileSync(join(folder, 'painter', 'a.mjs'), `process.stderr.write('one\\n\\u001b[2J\\n');process.exit(3)`);
  const manifest = { name: 'p', title: 'P', language: 'x', protocol: 'river', roles: ['client'], command: ['node', 'a.mjs'] };
  writeFileSync(join(folder, 'painter', 'implementation.yaml'), stringify(manifest));
  const { stderr, exitCode } = await run(['run', 'rpc/add', '-i', 'painter', '--no-output']);
  expect({ stderr, exitCode }).toEqual({ stderr: expect.stringContaining('\\u001b[2J'), exitCode: 2 });
  expect(stderr).not.toContain('\u001b');
});

describe('a baseline', () => {
  test('explains what fails, and is pruned once it passes; comments stay', async () => {
    const file = join(folder, 'mine', 'known-failures.yaml');
    const words = ['rpc/add', '--binding', 'json', '-i', 'mine'];
    const written = await run(['baseline', 'write', ...words]);
    expect(written.stdout).toMatch(new RegExp(`added: river/rpc/add, ${FINGERPRINT.source}`));
    expect(written.exitCode).toBe(0);
    expect(readFileSync(join(folder, 'mine', 'implementation.yaml'), 'utf8')).toMatch(
      /^# Mine\.\n[\s\S]*\nknown-failures: known-failures\.yaml\n$/,
    );
    writeFileSync(file, `# Ours.\n\n${readFileSync(file, 'utf8').replace('(to be explained)', 'off by one:')}`);
    expect((await run(['run', ...words, '--no-output'])).exitCode).toBe(0);
    const honest = { HONEST: '1' };
    const stale = await run(['run', ...words, '--no-output'], honest);
    expect(stale.stdout).toContain('known-failures lists it');
    expect(stale.exitCode).toBe(1);
    const pruned = await run(['baseline', 'prune', ...words], honest);
    expect(pruned.stdout).toMatch(/known-failures\.yaml: \d+ removed/);
    expect(readFileSync(file, 'utf8')).toBe('# Ours.\n\n');
    expect((await run(['run', ...words, '--no-output'], honest)).exitCode).toBe(0);
  });

  test('confirms what fails before it lists it, and measures what did not stand', { timeout: 300_000 }, async () => {
    const place = join(folder, 'beside');
    mkdirSync(place);
    const command = [process.execPath, fileURLToPath(new URL('./testing/wrong-beside-others.mjs', import.meta.url))];
    const manifest = { name: 'b', title: 'B', language: 'x', protocol: 'river', roles: ['client'], command };
    writeFileSync(join(place, 'implementation.yaml'), stringify(manifest));
    const cases = [
      'rpc/add',
      'rpc/recursive',
      'rpc/many-at-once',
      'rpc/one-after-another',
      'rpc/answers-in-any-order',
      'upload/sum',
      'upload/many-requests',
    ];
    const { stdout } = await run(['baseline', 'write', ...cases, '--binding', 'json', '-i', 'beside']);
    expect(stdout).toContain('near a limit: each is run 10 times more');
    // A value that is wrong, if only beside others, is no matter of the machine's: it is listed with its rate.
    expect(stdout).toMatch(/added: river\/(rpc|upload)\//);
    expect(readFileSync(join(place, 'known-failures.yaml'), 'utf8')).toMatch(/flaky: \{ rate: 0\.\d+/);
  });

  test('lists what fails by a time, too, though each of its runs has a new process', { timeout: 300_000 }, async () => {
    const place = join(folder, 'unheard');
    mkdirSync(place);
    const command = [process.execPath, fileURLToPath(new URL('./testing/loses-what-follows-a-close.mjs', import.meta.url))];
    const manifest = { name: 'u', title: 'U', language: 'x', protocol: 'river', roles: ['client'], command };
    writeFileSync(join(place, 'implementation.yaml'), stringify(manifest));
    const words = ['session/closed-with-an-application-code', '--binding', 'json', '-i', 'unheard'];
    const { stdout } = await run(['baseline', 'write', ...words]);
    // On a machine that keeps everyone waiting nothing can be told, but that is then for this reason.
    expect(stdout).not.toContain('the first run of its process');
    expect(stdout).toMatch(/added: river\/session\/closed-with-an-application-code, |too slow to tell: the runner lost \d+ ms/);
  });

  test('whose file is missing, or written so that it cannot be edited, is told of before anything is run', async () => {
    const place = join(folder, 'unlisted');
    const file = join(place, 'known-failures.yaml');
    mkdirSync(place);
    const manifest = JSON.parse(JSON.stringify(readFileSync(join(folder, 'mine', 'implementation.yaml'), 'utf8'))) as string;
    const named = `${manifest.replace(/known-failures:.*\n/, '').replaceAll(' adapter.mjs', ' ../mine/adapter.mjs')}known-failures: known-failures.yaml\n`;
    writeFileSync(join(place, 'implementation.yaml'), named);
    expect(await run(['run', 'rpc/add', '-i', 'unlisted', '--no-output'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('names a file that cannot be read'),
    });
    for (const [text, message] of [
      ['[{ case: river/rpc/add, reason: x }]\n', 'known-failures.yaml cannot be edited: it must be a list'],
      ['- case: river/rpc/add\n', 'missing key `reason`'],
    ] as const) {
      writeFileSync(file, text);
      for (const what of ['write', 'prune']) {
        const { exitCode, stdout, stderr } = await run(['baseline', what, 'rpc/add', '-i', 'unlisted']);
        expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
        expect(stderr).toContain(message);
      }
      expect(readFileSync(file, 'utf8')).toBe(text);
    }
  });
});
