import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readAssets } from '../../reporters/html/html.ts';
import { pageOf } from '../../reporters/html/page.ts';
import { traceDiffPage } from '../../reporters/html/trace-diff.ts';
import { aCaseRun, aFailure, someResults } from '../../reporters/testing/results.ts';
import { compareResults } from '../../runner/compare/results.ts';
import { packageRoot } from '../../runner/package-root.ts';
import { readEvidence } from '../model/evidence.ts';
import { seriousIn } from '../testing/axe.ts';
import { hasBrowser, LOOKS, launch, open, TO_HAVE_ONE } from '../testing/browser.ts';
import { HOSTILE, hostileBundle, longTrace, WORDS } from '../testing/made.ts';

describe.skipIf(!hasBrowser)(`the page of a comparison (${TO_HAVE_ONE})`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-diff-page-'));
  const all = Object.values(HOSTILE).join(' ');
  let browser: Browser;
  let results: string;
  let traces: string;

  beforeAll(async () => {
    browser = await launch();
    const assets = await readAssets(join(packageRoot(), 'dist/viewer'));
    const runs = Array.from({ length: 9 }, (_, i) => ({ id: `river/rpc/c${i}@client+json`, case: `river/rpc/c${i}`, title: all }));
    const before = {
      ...someResults(
        runs.map((run) => aCaseRun(run)),
        { pass: 9 },
      ),
      glossary: WORDS,
    };
    const after = {
      ...someResults(
        runs.map((run, i) => (i < 8 ? aFailure({ ...run, trace: 't' }) : aCaseRun(run))),
        { fail: 8, pass: 1 },
      ),
      glossary: WORDS,
    };
    const changes = compareResults({ file: all, results: before }, { file: 'b', results: after });
    const files = { size: async () => 9, read: async () => Buffer.from(longTrace(6)) };
    const sets = [
      { results: before, folder: '', label: 'a' },
      { results: after, folder: '', label: 'b' },
    ];
    writeFileSync(join(folder, 'r.html'), [...(await pageOf(sets, { assets, files, changes }))].join(''));
    results = `file://${join(folder, 'r.html')}`;

    const { observed, golden, alignment } = readEvidence(hostileBundle(), 'bundle');
    if (observed === undefined || golden === undefined || alignment === undefined) throw new Error('the bundle has both');
    const place = { n: 2, summary: all };
    const lane = { stream: all, from: 'client' as const };
    const report = {
      schema: 'weir-diff/1' as const,
      of: 'traces' as const,
      a: { file: all, run: all, binding: 'json', frames: 2 },
      b: { file: 'b', run: 'b', binding: 'json', frames: 1 },
      same: 0,
      variations: [],
      differing: [{ ...lane, a: place, b: place, members: [{ path: HOSTILE.script, a: all, b: 4 }] }],
      onlyInA: [{ ...lane, n: 4, summary: all }],
      onlyInB: [],
    };
    writeFileSync(
      join(folder, 't.html'),
      [...(await traceDiffPage({ title: 'Brook', report, alignment, a: observed, b: golden }, assets))].join(''),
    );
    traces = `file://${join(folder, 't.html')}`;
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  test('opens with what changed, filters while somebody types, and leads to either side', async () => {
    const { page, errors, requests } = await open(browser, results);
    await page.getByRole('heading', { name: '8 case-runs worse in b' }).first().waitFor();
    expect(await page.locator('.changed li').count()).toBe(6);
    await page.getByRole('button', { name: 'show 2 more case-runs' }).click();
    expect(await page.locator('.changed li').count()).toBe(8);
    await page.keyboard.press('/');
    await page.keyboard.type('c3');
    await page.locator('.changed li').nth(1).waitFor({ state: 'detached' });
    expect(decodeURIComponent(new URL(page.url()).hash)).toBe('#view=changes&q=c3');
    await page.getByRole('link', { name: 'river/rpc/c3@client+json in b' }).click();
    await page.getByRole('listbox').waitFor();
    expect(await page.locator('h1 .mark').getAttribute('class')).toContain('v-fail');
    expect({ errors, requests }).toEqual({ errors: [], requests: [] });
    await page.close();
  });

  test('of traces: differences lead to their frames, which stand beside each other', async () => {
    const { page, errors, requests } = await open(browser, traces);
    await page.getByRole('heading', { name: 'The traces differ in 2 places' }).waitFor();
    await page.getByRole('link', { name: 'its frames' }).click();
    await page.locator('.ladder-row.current').waitFor();
    expect(await page.locator('.frame-pane .differences thead').textContent()).toBe('differs inin ain b');
    expect(await page.locator('.side-name').count()).toBe(2);
    await page.keyboard.press('g');
    await page.locator('.ladder:not(.beside)').waitFor();
    expect({ errors, requests }).toEqual({ errors: [], requests: [] });
    await page.close();
  });

  describe.each([
    ['results', () => results],
    ['traces', () => `${traces}#frame=2`],
  ])('%s', (_name, url) => {
    test.each(LOOKS)('are accessible at %i px, dark: %s, and hostile text stays text', async (width, dark) => {
      const { page, errors, requests } = await open(browser, url(), { width, dark });
      expect(await seriousIn(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
      const text = (await page.locator('#app').textContent()) ?? '';
      expect(text).toContain(HOSTILE.script);
      expect(text.match(/[\p{Cc}\p{Cf}]/gu)?.filter((character) => character !== '\n') ?? []).toEqual([]);
      expect(await page.evaluate(() => 'struck' in window)).toBe(false);
      expect({ errors, requests }).toEqual({ errors: [], requests: [] });
      await page.close();
    });
  });
});
