import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../package-root.ts';
import { main } from './testing/command-line.ts';

describe.skipIf(!existsSync(main))('the package, installed where nothing else is', () => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-package-'));
  const weir = (...words: string[]) =>
    execa(join(folder, 'node_modules', '.bin', 'weir'), words, { cwd: folder, reject: false, env: { NO_COLOR: '1' } });
  afterAll(() => rmSync(folder, { recursive: true }));

  beforeAll(async () => {
    // Without scripts: they would build anew what other tests are using.
    await execa('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: packageRoot() });
    const [tarball = ''] = readdirSync(folder);
    writeFileSync(join(folder, 'package.json'), '{ "private": true }');
    await execa('npm', ['install', '--no-fund', '--no-audit', '--prefer-offline', `./${tarball}`], { cwd: folder });
  }, 300_000);

  test('holds no tests and no fixtures', () => {
    const installed = join(folder, 'node_modules', 'weir-conformance');
    const files = readdirSync(installed, { recursive: true, encoding: 'utf8' });
    expect(files.filter((file) => /\.test\.|(^|\/)testing\/|\.map$|__pycache__/.test(file))).toEqual([]);
    expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'docs/adapters.md']));
  });

  test.each([
    ['runs the reference pair in the simulated world', ['run', 'river/rpc/*', '--world', 'simulated', '--no-output'], /\d+ passed/],
    ['and in the real one, with its reports', ['run', 'rsocket/request-response/echo', '--output', 'out'], /report: out\/report\.html/],
    ['drives an adapter that comes with it', ['run', 'river/rpc/add', '-i', 'reference-node', '--no-output'], /\d+ passed/],
    ['looks at that adapter', ['doctor', 'reference-node', '--quick'], / hold, 0 do not/],
    [
      'begins an adapter',
      ['init', 'mine', '--protocol', 'river', '--language', 'typescript', '--role', 'client'],
      /written: mine\/adapter\.mjs/,
    ],
    ['of which the conversation holds', ['doctor', './mine', '--quick'], / hold, 0 do not/],
    ['explains a rule', ['explain', 'RIVER-HS-01'], /RIVER-HS-01/],
  ])('%s', async (_what, words, told) => {
    const { stdout, stderr, exitCode } = await weir(...words);
    expect(stdout, stderr).toMatch(told);
    expect(exitCode).toBe(0);
  });

  describe('as a library (docs/library.md)', () => {
    const modules = join(packageRoot(), 'node_modules');
    beforeAll(() => {
      for (const tool of ['vitest', 'typescript']) symlinkSync(join(modules, tool), join(folder, 'node_modules', tool));
    });

    test('its example makes tests of the corpus', async () => {
      const text = readFileSync(join(packageRoot(), 'docs', 'library.md'), 'utf8');
      const [, example = ''] = /```js\n(.+?)```/s.exec(text) ?? [];
      writeFileSync(join(folder, 'river.test.js'), example.replace('./my-river', 'reference-node'));
      const { stdout, stderr, exitCode } = await execa(join(modules, '.bin', 'vitest'), ['run', '--root', folder, 'river.test.js'], {
        cwd: folder,
        reject: false,
        env: { NO_COLOR: '1' },
      });
      expect(exitCode, stdout + stderr).toBe(0);
      expect(stdout).toMatch(/Tests +\d\d+ passed/);
    });

    test('each module that it names has types, and is there', async () => {
      const program = `
        import { objectionTo, type Results, runWeir } from 'weir-conformance';
        import { webSocket } from 'weir-conformance/carriers/websocket';
        import { river } from 'weir-conformance/protocols/river';
        import { makeRiverClient } from 'weir-conformance/reference-client/river';
        import { riverServer } from 'weir-conformance/reference-server/river';
        import { results } from 'weir-conformance/results';
        import { readTraceFile } from 'weir-conformance/traces';
        const none: Results | string = await runWeir({ cases: ['river/no/such/case'] }).catch((error: Error) => error.message);
        console.log(typeof none, [objectionTo, makeRiverClient, riverServer].every((each) => typeof each === 'function'), webSocket.name, river.name);
        console.log(results !== undefined, readTraceFile !== undefined);
      `;
      writeFileSync(join(folder, 'program.mts'), program);
      const compiled = await execa(
        join(modules, '.bin', 'tsc'),
        [
          '--strict',
          '--module',
          'nodenext',
          '--target',
          'es2023',
          '--types',
          'node',
          '--typeRoots',
          join(modules, '@types'),
          'program.mts',
        ],
        { cwd: folder, reject: false },
      );
      expect(compiled.stdout + compiled.stderr).toBe('');
      const { stdout, stderr } = await execa(process.execPath, ['program.mjs'], { cwd: folder, reject: false });
      expect(stdout, stderr).toBe('string true websocket river\ntrue true');
    });
  });
});
