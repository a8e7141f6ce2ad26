import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { hasBrowser, launch, open, TO_HAVE_ONE } from '../../viewer/testing/browser.ts';
import { askedCommandLine, main } from './testing/command-line.ts';
import { flawed } from './testing/flawed.ts';
import { started } from './testing/started.ts';

describe.skipIf(!existsSync(main))('pages by the command line', () => {
  const { folder, weir } = askedCommandLine('pages');
  const CASES = ['river/rpc/declared-error', 'river/rpc/add'];
  let bundle: string;

  /** The command line where there is a browser: a program that notes what it is to open. */
  async function weirWithBrowser(...words: string[]) {
    const bin = join(folder, 'bin');
    const noted = join(folder, 'opened');
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'xdg-open'), `#!/bin/sh\nprintf '%s' "$1" > '${noted}.new' && mv '${noted}.new' '${noted}'\n`);
    chmodSync(join(bin, 'xdg-open'), 0o755);
    const { CI: _, ...env } = process.env;
    const done = await execa(process.execPath, [main, ...words], {
      cwd: folder,
      reject: false,
      extendEnv: false,
      env: { ...env, NO_COLOR: '1', DISPLAY: ':9', PATH: `${bin}:${env['PATH']}` },
    });
    const opened = async (): Promise<string> => {
      await expect.poll(() => existsSync(noted), { timeout: 10_000 }).toBe(true);
      return readFileSync(noted, 'utf8');
    };
    return { ...done, opened };
  }

  beforeAll(async () => {
    flawed(join(folder, 'flawed'));
    const { stdout, stderr } = await weir('run', ...CASES, '-i', './flawed', '--binding', 'json', '--traces', 'all', '-o', 'out');
    const [file] = existsSync(join(folder, 'out/bundles')) ? readdirSync(join(folder, 'out/bundles')) : [];
    if (file === undefined) throw new Error(`nothing failed: ${stdout}${stderr}`);
    bundle = join('out/bundles', file);
  }, 60_000);

  test('a run says at its end where the report lies, and --open opens it', async () => {
    const { stdout, opened } = await weirWithBrowser('run', 'river/rpc/add', '--world', 'simulated', '-o', 'green', '--open');
    expect(stdout).toMatch(/\nreport: green\/report\.html\n?$/);
    expect(await opened()).toBe(resolve(folder, 'green/report.html'));
    expect(readFileSync(join(folder, 'green/report.html'), 'utf8')).toMatch(/^<!doctype html>/);
  });

  test('the variable BROWSER names what opens it, and what cannot be started is said', async () => {
    const noted = join(folder, 'named');
    writeFileSync(join(folder, 'mine.sh'), `printf '%s %s' "$1" "$2" > '${noted}.new' && mv '${noted}.new' '${noted}'\n`);
    const { CI: _, DISPLAY: __, ...env } = process.env;
    const opening = (browser: string) =>
      execa(process.execPath, [main, 'report', 'out', '--open'], { cwd: folder, extendEnv: false, env: { ...env, BROWSER: browser } });
    await opening(`sh ${join(folder, 'mine.sh')} --new-window`);
    await expect.poll(() => existsSync(noted), { timeout: 10_000 }).toBe(true);
    expect(readFileSync(noted, 'utf8')).toBe(`--new-window ${resolve(folder, 'out/report.html')}`);
    expect((await opening(join(folder, 'nothing-there'))).stderr).toContain('nothing-there cannot be started');
  });

  test.each([
    ['out/report.html', /no trace, no bundle and no results\.json.*; a page opens in a browser by itself/],
    ['mine.yaml', /no trace, no bundle and no results\.json, which is what view shows$/],
    ['out/traces', /out\/traces is a folder without results\.json.*; out has one/],
  ])('view says of %s what it is to be given', async (file, why) => {
    writeFileSync(join(folder, 'mine.yaml'), 'title: a case\n');
    const { stderr, exitCode } = await weir('view', file, '--no-open');
    expect(stderr).toMatch(why);
    expect(exitCode).toBe(2);
  });

  test('report writes one page of several results, beside them or where it is told to', async () => {
    const beside = await weir('report', 'out');
    expect([beside.exitCode, beside.stdout]).toEqual([0, 'report: out/report.html']);
    const both = await weir('report', 'out', 'green', '-o', 'pages/both.html');
    expect([both.exitCode, both.stdout]).toEqual([0, 'report: pages/both.html']);
    expect(existsSync(join(folder, 'pages/both.html'))).toBe(true);
    const none = await weir('report', 'nowhere');
    expect(none.stderr).toMatch(/there is no such file/);
    expect(none.exitCode).toBe(2);
  });

  test('where there is no browser --open says so and the page is there', async () => {
    const { stderr, exitCode } = await execa(process.execPath, [main, 'report', 'out', '--open'], {
      cwd: folder,
      env: { CI: '1', NO_COLOR: '1' },
    });
    expect(stderr).toContain('there is no browser here to open it');
    expect(exitCode).toBe(0);
  });

  test.each([
    ['results', () => ['out']],
    ['a bundle', () => [bundle]],
  ])('view serves %s on loopback until it is interrupted', async (_name, files) => {
    const { child, said } = started(folder, ['view', ...files(), '--no-open']);
    onTestFinished(() => void child.kill('SIGKILL'));
    const [address = ''] = await said(/http:\/\/127\.0\.0\.1:\d+\/\S*/);
    const page = await fetch(address);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(await page.text()).toMatch(/^<!doctype html>/);
    child.kill('SIGINT');
    expect((await child).exitCode).toBe(0);
  });

  test.each([
    [['view', 'nowhere.json'], /there is no such file/],
    [['view', 'nowhere.json', 'out', '--port', 'x'], /whole number/],
  ])('refuses %j', async (words, why) => {
    const { exitCode, stderr } = await weir(...words);
    expect(stderr).toMatch(why);
    expect(exitCode).toBe(2);
  });

  describe.skipIf(!hasBrowser)(`in a browser (${TO_HAVE_ONE})`, () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await launch();
    });
    afterAll(() => browser.close());

    test('a red run is understood: start page, cause, case, the step that failed, the command', async () => {
      const { page, errors, requests } = await open(browser, `file://${join(folder, 'out/report.html')}`);
      await page.getByRole('heading', { name: /^1 new failure, 1 cause/ }).waitFor();
      await page.locator('.cause a').first().click();
      await page.locator('.yaml .failed').waitFor();
      expect(await page.locator('.yaml .failed').textContent()).toContain('invoke');
      expect(await page.locator('.story').textContent()).toContain('npx weir run');
      expect({ errors, requests }).toEqual({ errors: [], requests: [] });
      await page.close();
    });

    test('view opens a bundle at its case, with both ladders', async () => {
      const { child, said } = started(folder, ['view', bundle, '--no-open']);
      onTestFinished(() => void child.kill('SIGKILL'));
      const [address = ''] = await said(/http:\/\/127\.0\.0\.1:\d+\/#run=\S+/);
      const { page, errors, requests } = await open(browser, address);
      await page.getByRole('listbox').waitFor();
      expect(await page.locator('.side-name').count()).toBe(2);
      expect({ errors, requests }).toEqual({ errors: [], requests: [] });
      await page.close();
    });
  });
});
