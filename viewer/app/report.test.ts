import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aCaseRun, aFailure, someResults } from '../../reporters/testing/results.ts';
import type { CaseRun, Results } from '../../runner/results/result.ts';
import { seriousIn } from '../testing/axe.ts';
import { hasBrowser, LOOKS, launch, open, TO_HAVE_ONE } from '../testing/browser.ts';
import { HOSTILE, headTrace, hostileBundle, hostileResults, longTrace, makePage, manyResults, WORDS } from '../testing/made.ts';

describe.skipIf(!hasBrowser)(`a page in a browser (${TO_HAVE_ONE})`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-page-'));
  let browser: Browser;
  let many: string;
  let hostile: string;
  let long: string;
  let two: string;
  let several: string;
  let far: string;

  beforeAll(async () => {
    const at = (name: string): string => {
      mkdirSync(join(folder, name));
      return join(folder, name);
    };
    browser = await launch();
    many = await makePage(at('many'), manyResults(5000));
    hostile = await makePage(at('hostile'), hostileResults(), { 'bundle.json': hostileBundle() });
    long = await makePage(
      at('long'),
      { ...someResults([aCaseRun({ trace: 't' })], { pass: 1 }), glossary: WORDS },
      { t: longTrace(10_000) },
    );
    const [finding] = aFailure().findings;
    const late = finding === undefined ? [] : [{ ...finding, events: [300] }];
    far = await makePage(
      at('far'),
      { ...someResults([aFailure({ trace: 't', findings: late })], { fail: 1 }), glossary: WORDS },
      { t: longTrace(200) },
    );
    const runs = [
      aFailure({ trace: 'a' }),
      aCaseRun({ id: 'river/rpc/sub@server+json', case: 'river/rpc/sub', role: 'server', title: 'Subtraction', trace: 'b' }),
      aFailure(
        { id: 'river/rpc/known@client+json', case: 'river/rpc/known', expected: 'known-failure', knownReason: 'bug 7' },
        'known/cause',
      ),
    ];
    two = await makePage(at('two'), { ...someResults(runs, { fail: 2, pass: 1 }), glossary: WORDS }, { a: longTrace(6), b: longTrace(4) });
    const of = (name: string, runs: CaseRun[]): Results => ({
      ...someResults(runs, {}),
      implementation: { name, version: '1.0', reference: false },
      glossary: WORDS,
    });
    const others = Array.from({ length: 40 }, (_, i) => `river/rpc/case-${i}`).map((id) =>
      aCaseRun({ id: `${id}@client+json`, case: id, requirements: ['TEST-02'] }),
    );
    several = await makePage(at('several'), [of('mine', [aFailure()]), of('another', others)]);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  const RUN = '#run=river/rpc/add@client+json';

  test('of 5,000 case-runs makes the rows in sight, and others as they come into it', async () => {
    const { page, errors, requests } = await open(browser, many);
    expect(await page.locator('h1').textContent()).toBe('100 new failures, 3 causes');
    expect(await page.locator('.row').count()).toBeLessThan(150);
    await page.locator('main').evaluate((main) => main.scrollTo(0, main.scrollHeight));
    await page.getByText('area-19/case-04999', { exact: true }).waitFor();
    expect(await page.locator('.row').count()).toBeLessThan(150);
    expect({ errors, requests }).toEqual({ errors: [], requests: [] });
    await page.close();
  });

  test('filters while somebody types, and the filter stands in the address', async () => {
    const { page } = await open(browser, many);
    await page.keyboard.press('/');
    await page.keyboard.type('verdict:fail area:area-10');
    await page.getByText('50 of 5,000').waitFor();
    expect(decodeURIComponent(new URL(page.url()).hash)).toBe('#q=verdict:fail area:area-10');
    await page.goto(page.url().replace('area-10', 'area-00'));
    await page.reload();
    await page.getByText('50 of 5,000').waitFor();
    expect(await page.locator('input[type=search]').inputValue()).toBe('verdict:fail area:area-00');
    expect(await page.locator('h1').textContent()).toBe('Filtered to 50 case-runs: 50 new failures, 3 causes');
    // That nothing fits is no sign of nothing having failed.
    await page.locator('input[type=search]').fill('nothing like it');
    await page.getByRole('heading', { name: 'Nothing fits the filter' }).waitFor();
    await page.close();
  });

  test('totals are filters, and known failures are apart from news', async () => {
    const { page } = await open(browser, two);
    expect(await page.locator('h1').textContent()).toBe('1 new failure, 1 cause');
    expect(await page.locator('.cause').count()).toBe(1);
    await page.getByRole('button', { name: '1 known failure' }).click();
    expect(await page.locator('.row.run').count()).toBe(1);
    await page.locator('summary', { hasText: 'Known failures' }).click();
    await page.getByText('bug 7').waitFor();
    await page.close();
  });

  test('of several implementations a rule leads to the one that breaks it, and from there to its case-runs', async () => {
    const { page, errors } = await open(browser, several);
    await page.getByRole('link', { name: 'TEST-01' }).first().click();
    await page.locator('.rule-item.current').first().waitFor();
    const mine = page.getByRole('region', { name: 'Requirements of mine 1.0' });
    const box = await mine.locator('.rule-item.current').boundingBox();
    expect(box?.y).toBeGreaterThanOrEqual(0);
    expect(box?.y).toBeLessThan(860);
    expect(await mine.locator('.rule-item.current').textContent()).toContain('examined in 1 case-run, broken in 1');
    const ids = await page.locator('[id]').evaluateAll((all) => all.map(({ id }) => id));
    expect(ids.length).toBe(new Set(ids).size);
    await mine.locator('.rule-item.current').getByRole('link', { name: 'its case-runs' }).click();
    await page.locator('input[type=search]').waitFor();
    expect(await page.locator('input[type=search]').inputValue()).toBe('requirement:TEST-01 implementation:"mine 1.0"');
    expect(errors).toEqual([]);
    await page.close();
  });

  test('a case is opened and its frames walked by keyboard', async () => {
    const { page, errors } = await open(browser, two);
    await page.keyboard.press('j');
    await page.locator('.row.current').waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'An rpc is answered with exactly one result' }).waitFor();
    await page.getByText('sum read nothing').first().waitFor();
    expect(await page.locator('.yaml .failed').textContent()).toContain('receive: { from: sum }');
    await page.locator('.flag.decisive').waitFor();
    await page.keyboard.press('n');
    await page.locator('.ladder-row.current').waitFor();
    const before = new URL(page.url()).hash;
    await page.keyboard.press('j');
    await page.waitForFunction((was) => location.hash !== was, before);
    expect(await page.locator('[aria-selected=true] .sr').textContent()).toMatch(
      /^(client to server|server to client), #\d data .*, delivered/,
    );
    expect(await page.locator('.frame-pane').textContent()).toContain('payload');
    await page.keyboard.press('Escape');
    await page.locator('.frame-pane').waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: '1 new failure' }).waitFor();
    expect(errors).toEqual([]);
    await page.close();
  });

  test.each([1280, 390])('the frame of a finding far down is in sight above what is said of it, at %i px', async (width) => {
    const { page } = await open(browser, `${far}${RUN}`, { width });
    await page.getByRole('listbox').waitFor();
    await page.keyboard.press('n');
    await page.locator('.frame-pane').waitFor();
    const row = page.locator('.ladder-row.current');
    await row.waitFor();
    await page.waitForFunction(() => {
      const [current, pane] = [document.querySelector('.ladder-row.current'), document.querySelector('.frame-pane')];
      if (current === null || pane === null) return false;
      const [{ top, bottom }, below] = [current.getBoundingClientRect(), pane.getBoundingClientRect().top];
      return top > 0 && bottom <= below && below < innerHeight;
    });
    await page.close();
  });

  test('each case has its own trace', async () => {
    const { page } = await open(browser, `${two}#run=river/rpc/sub@server+json`);
    await page.getByRole('listbox').waitFor();
    expect(await page.locator('.ladder-row').count()).toBe(5);
    await page.goto(`${two}${RUN}`);
    await page.getByText('sum read nothing').first().waitFor();
    expect(await page.locator('.ladder-row').count()).toBe(7);
    await page.close();
  });

  test('a link leads to a frame of 10,000, of which those in sight are made', async () => {
    const { page, errors } = await open(browser, `${long}${RUN}&frame=15000`);
    await page.locator('.ladder-row.current').waitFor();
    expect(await page.locator('.ladder-row.current').textContent()).toContain('#7485');
    expect(await page.locator('.ladder-row').count()).toBeLessThan(120);
    await page.keyboard.press('c');
    await page.locator('.ladder-row.current', { hasText: 'connection 15' }).waitFor();
    expect(errors).toEqual([]);
    await page.close();
  });

  test('frames are filtered by stream and searched, and gaps say what they hide', async () => {
    const { page } = await open(browser, `${long}${RUN}`);
    await page.getByLabel('stream', { exact: true }).selectOption('main/s3');
    await page.getByLabel('Search frames').fill('frame 9998');
    await page.getByRole('option', { name: /frame 9998/ }).waitFor({ state: 'detached' });
    await page.getByLabel('stream', { exact: true }).selectOption('');
    await page.getByRole('option', { name: /"frame 9998"/ }).waitFor();
    await page.close();
  });

  test('bytes and members are shown with each other, and flags in words', async () => {
    const { page } = await open(browser, `${hostile}${RUN}&frame=2`);
    await page.locator('.tree li').first().hover();
    await page.locator('.hex .pointed').first().waitFor();
    await page.locator('.hex [data-field="1"]').first().hover();
    await page.locator('.tree li.pointed').waitFor();
    await page.close();
  });

  test('the head of an upgrade is shown in its lines, and what acts in it as an escape', async () => {
    const folderOfHead = join(folder, 'head');
    mkdirSync(folderOfHead);
    const results = { ...someResults([aCaseRun({ trace: 't' })], { pass: 1 }), glossary: WORDS };
    const url = await makePage(folderOfHead, results, { t: headTrace(`GET /ws HTTP/1.1\r\nX-Own: ${HOSTILE.ansi}\r\n\r\n`) });
    const { page, errors } = await open(browser, `${url}${RUN}&frame=1`);
    await page.locator('.frame-pane').waitFor();
    expect(await page.locator('.frame-pane pre').textContent()).toBe('GET /ws HTTP/1.1\nX-Own: \\u001b[2J\\u001b[31mred');
    expect(errors).toEqual([]);
    await page.close();
  });

  test('golden and observed stand beside each other, differences marked down to the member', async () => {
    const { page } = await open(browser, `${hostile}${RUN}&frame=2`);
    expect(await page.locator('.differences tbody tr').count()).toBe(1);
    expect(await page.locator('.m-alone').count()).toBe(1);
    await page.keyboard.press('g');
    await page.locator('.ladder:not(.beside)').waitFor();
    await page.close();
  });

  test('rules that were broken are told apart by what that weighs', async () => {
    const { page } = await open(browser, `${two}#view=rules`);
    expect(await page.locator('.totals button').allTextContents()).toEqual([
      '1 MUST broken',
      '0 SHOULD or IMPL broken',
      '0 disputed and broken',
      '0 kept',
      '1 not examined',
      '2 all',
    ]);
    await page.close();
  });

  test('hostile text stays text', async () => {
    for (const hash of ['', RUN, `${RUN}&frame=2`, `${RUN}&frame=0`, `${RUN}&frame=4`, '#view=rules']) {
      const { page, errors, requests } = await open(browser, `${hostile}${hash}`);
      if (hash.startsWith(RUN)) await page.getByRole('listbox').waitFor();
      const text = (await page.locator('#app').textContent()) ?? '';
      expect(text.match(/[\p{Cc}\p{Cf}]/gu)?.filter((character) => character !== '\n') ?? []).toEqual([]);
      expect(await page.evaluate(() => 'struck' in window)).toBe(false);
      expect(await page.locator('img').count()).toBe(0);
      if (hash === RUN) expect(text).toContain(HOSTILE.script);
      expect({ errors, requests }).toEqual({ errors: [], requests: [] });
      await page.close();
    }
  });

  test('a text of ten million characters is cut, with its length, and opened on demand', async () => {
    const { page } = await open(browser, `${hostile}${RUN}&frame=2`);
    const button = page.getByRole('button', { name: '10,000,002 characters' });
    expect((await page.locator('.tree').textContent())?.length).toBeLessThan(2000);
    await button.click();
    await page.getByRole('button', { name: 'cut' }).waitFor();
    await page.close();
  });

  test('the theme follows the system and can be switched', async () => {
    const { page } = await open(browser, two, { dark: true });
    const ground = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const dark = await ground();
    await page.getByRole('button', { name: 'theme: system' }).click();
    await page.getByRole('button', { name: 'theme: light' }).waitFor();
    expect(await ground()).not.toBe(dark);
    await page.close();
  });

  test('the policy forbids what a text could want', async () => {
    const { page } = await open(browser, two);
    const blocked = await page.evaluate(async () => {
      const heard: string[] = [];
      document.addEventListener('securitypolicyviolation', (event) => heard.push(event.effectiveDirective));
      const button = document.createElement('button');
      button.setAttribute('onclick', 'window.struck = true');
      document.body.append(button);
      button.click();
      const image = new Image();
      image.src = 'http://127.0.0.1:9/x.png';
      const connecting = new Promise<void>((done) => {
        document.addEventListener('securitypolicyviolation', (event) => event.effectiveDirective === 'connect-src' && done());
      });
      await fetch('http://127.0.0.1:9/').catch(() => undefined);
      await connecting;
      return heard;
    });
    expect(blocked).toEqual(expect.arrayContaining(['script-src-attr', 'connect-src']));
    expect(await page.evaluate(() => 'struck' in window)).toBe(false);
    await page.close();
  });

  describe.each([
    ['start', () => two, ''],
    ['rules', () => two, '#view=rules'],
    ['case', () => two, `${RUN}&frame=1`],
    ['two ladders', () => hostile, `${RUN}&frame=2`],
    ['many', () => many, ''],
  ])('%s', (_name, url, hash) => {
    test.each(LOOKS)('is accessible at %i px, dark: %s', async (width, dark) => {
      const { page } = await open(browser, `${url()}${hash}`, { width, dark });
      if (hash.includes('run=')) await page.getByRole('listbox').waitFor();
      expect(await seriousIn(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
      await page.close();
    });
  });
});
