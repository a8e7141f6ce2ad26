import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../package-root.ts';
import { languages } from './commands/init/languages.ts';
import { askedCommandLine, main } from './testing/command-line.ts';

const { folder, weirIn } = askedCommandLine('init');
/** Cargo builds here what the kit's contract test built already, and not in each folder anew. */
const CARGO_TARGET_DIR = join(packageRoot(), 'target');
const weir = (words: readonly string[], { cwd }: { cwd: string }) => weirIn({ cwd, env: { CARGO_TARGET_DIR } }, ...words);

/** A folder that lies in no repository of its own. */
function place(name: string): string {
  const made = join(folder, name);
  mkdirSync(made, { recursive: true });
  return made;
}

describe.skipIf(!existsSync(main))('weir init', () => {
  test.for(languages().map(({ name }) => name))('in %s the conversation holds before there is a library', async (language, context) => {
    const cwd = place(`doctor-${language}`);
    await weir(['init', 'mine', '--language', language, '--protocol', 'river', '--role', 'client'], { cwd });
    const { stdout, stderr, exitCode } = await weir(['doctor', './mine', '--quick'], { cwd });
    if (stderr.includes('to install it')) return context.skip(stderr);
    expect(stdout, stderr).toMatch(/ hold, 0 do not/);
    expect(exitCode).toBe(0);
  });

  test('what its first case lacks is said in the report of that case', async () => {
    const cwd = place('first');
    const { stdout } = await weir(['init', 'mine', '--language', 'typescript', '--protocol', 'river', '--role', 'both'], { cwd });
    const [, first = ''] = /npx weir (run river\/\S+ --implementation \.\/mine)/.exec(stdout) ?? [];
    for (const [role, lacks] of [
      ['client', /adapter\.mjs is yours to write: start a call of kind rpc to add/],
      ['server', /adapter\.mjs is yours to write: start the server/],
    ] as const) {
      const ran = await weir([...first.split(' '), '--role', role, '--no-output'], { cwd });
      expect(ran.stdout).toMatch(lacks);
      expect(ran.exitCode).toBe(1);
    }
  });

  test.each([
    ['js', 'typescript', /your library: cd mine && npm install <package>/],
    ['TypeScript', 'typescript', /npm install/],
    ['golang', 'go', /your library: cd mine && go get/],
    ['py', 'python', /your library: name it in mine\/adapter\.py/],
    ['Rust', 'rust', /your library: cd mine && cargo add/],
    ['java', 'java', /your library: name it in mine\/pom\.xml/],
  ])('%s is %s, and how a library comes to it is said', async (word, language, library) => {
    const cwd = place(`word-${word}`);
    const { stdout, exitCode } = await weir(['init', 'mine', '--language', word, '--protocol', 'connect', '--role', 'client'], { cwd });
    expect(stdout).toMatch(library);
    expect(exitCode).toBe(0);
    const { adapter, ignored } = languages().find(({ name }) => name === language) ?? { adapter: '', ignored: [] };
    expect(existsSync(join(cwd, 'mine', adapter))).toBe(true);
    expect(
      readFileSync(join(cwd, 'mine', '.gitignore'), 'utf8')
        .trimEnd()
        .split('\n'),
    ).toEqual(ignored);
    // What describes the standard services to tools of others, and only what that role can do.
    expect(existsSync(join(cwd, 'mine', 'weir.binpb'))).toBe(true);
    const written = readFileSync(join(cwd, 'mine', adapter), 'utf8');
    expect(written).toContain('size-limit, get, bidi, error-details.');
    expect(written).not.toContain('any-prefix');
  });

  test('nothing is written over, and nothing else is written then', async () => {
    const cwd = place('again');
    mkdirSync(join(cwd, 'mine'));
    writeFileSync(join(cwd, 'mine', 'adapter.mjs'), 'mine');
    const { stderr, exitCode } = await weir(['init', 'mine', '--language', 'typescript', '--protocol', 'river', '--role', 'both'], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('adapter.mjs is there already');
    expect(readdirSync(join(cwd, 'mine'))).toEqual(['adapter.mjs']);
    expect(readFileSync(join(cwd, 'mine', 'adapter.mjs'), 'utf8')).toBe('mine');
  });

  test('in a repository the workflow lies at its root and names the folder', async () => {
    const cwd = place('repository');
    mkdirSync(join(cwd, '.git'));
    mkdirSync(join(cwd, 'tests'));
    await weir(['init', 'mine', '--language', 'python', '--protocol', 'rsocket', '--role', 'client'], { cwd: join(cwd, 'tests') });
    expect(readFileSync(join(cwd, '.github', 'workflows', 'weir-mine.yml'), 'utf8')).toContain('--implementation "./tests/mine"');
  });

  test.each([
    [['init', '--language', 'python', '--protocol', 'river', '--role', 'client'], /say --name/],
    [['init', 'a', '--protocol', 'river', '--role', 'client'], /say --language: go, java, python, rust, typescript/],
    [['init'], /say --name\nsay --protocol: river, [\s\S]*\nsay --language: go, [\s\S]*\nsay --role: client, server, both\n/],
    [['init', 'a', '--language', 'pyton', '--protocol', 'river', '--role', 'client'], /did you mean `python`/],
    [['init', 'a', '--language', 'python', '--protocol', 'rivr', '--role', 'client'], /did you mean `river`/],
    [['init', 'a', '--language', 'python', '--protocol', 'river', '--role', 'peer'], /client, server, both|did you mean/],
    [['init', 'A B', '--language', 'python', '--protocol', 'river', '--role', 'client'], /lower-case letters/],
  ])('%j is refused in words', async (words, why) => {
    const { stderr, exitCode } = await weir(words, { cwd: place('refused') });
    expect(stderr).toMatch(why);
    expect(exitCode).toBe(2);
    expect(readdirSync(place('refused'))).toEqual([]);
  });

  test('the package holds what it needs', () => {
    const { files } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'));
    expect(files).toContain('kits');
  });
});
