import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { matrix as grammar } from '../../runner/results/matrix.ts';
import { seriousIn } from '../testing/axe.ts';
import { hasBrowser, launch, open, TO_HAVE_ONE } from '../testing/browser.ts';
import { hostileMatter, largeMatter, makeMatrixPage, pairedMatter, smallMatrix, smallMatter } from '../testing/made-matrix.ts';

test('the matrices of these tests are of the published form', () => {
  expect(grammar.parse(smallMatrix())).toEqual(smallMatrix());
  expect(grammar.parse(pairedMatter().matrix)).toEqual(pairedMatter().matrix);
});

describe.skipIf(!hasBrowser)(`the page of a matrix in a browser (${TO_HAVE_ONE})`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-matrix-'));
  let browser: Browser;
  let small: string;
  let paired: string;
  let large: string;
  let hostile: string;

  beforeAll(async () => {
    const at = (name: string): string => {
      mkdirSync(join(folder, name));
      return join(folder, name);
    };
    browser = await launch();
    small = await makeMatrixPage(at('small'), smallMatter());
    paired = await makeMatrixPage(at('paired'), pairedMatter());
    large = await makeMatrixPage(at('large'), largeMatter(30, 1000));
    hostile = await makeMatrixPage(at('hostile'), hostileMatter());
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  test('a cell shows the share that passed and a mark for each kind of trouble, and opens to rules, case-runs and the command', async () => {
    const { page, errors, requests } = await open(browser, small);
    expect(await page.locator('h1').textContent()).toBe('Who passes what: Brook v1');
    const cells = await page.locator('tbody .area-cell a > [aria-hidden]').evaluateAll((cells) => cells.map((cell) => cell.textContent));
    expect(cells).toEqual(['●100', '●100', '●100', '✕?≈0', '▲66', '!'].map((text) => expect.stringContaining(text)));
    await page.locator('tbody .area-cell a').nth(3).click();
    await page.getByText('1 MUST is broken, and 1 disputed rule').waitFor();
    expect(await page.locator('h1').textContent()).toBe('Mine 2: rpc');
    expect(await page.getByText('The caller receives the payload.').count()).toBe(1);
    await page.getByText('rpc/case-0@client+json').last().click();
    expect(await page.locator('details[open] code').first().textContent()).toBe(
      "npx weir run 'brook/rpc/case-0' --role client --binding json --implementation mine@2",
    );
    expect(await page.getByRole('link', { name: 'The frames' }).first().getAttribute('href')).toBe(
      'evidence.html#run=brook/rpc/case-0@client%2Bjson',
    );
    expect(await page.getByText('fails in 25 % of 8 runs').count()).toBe(1);
    expect({ errors, requests }).toEqual({ errors: [], requests: [] });
    await page.close();
  });

  test('who gets on with whom is a grid of its own, with the causes of what is no pass below', async () => {
    const { page, errors } = await open(browser, paired);
    const cells = await page.locator('.pairs tbody td').evaluateAll((all) => all.map((cell) => cell.textContent));
    expect(cells).toEqual([expect.stringContaining('✕66'), expect.stringContaining('●100'), 'not set up', '·']);
    expect(await page.locator('.pair-causes summary').textContent()).toBe('Mine 2 with Mine 2 1 case-run, 1 cause');
    expect(await page.getByText('sum read nothing').isVisible()).toBe(false);
    await page.locator('.pairs').getByRole('button', { name: 'why not' }).click();
    expect(await page.getByText('sum read nothing').isVisible()).toBe(true);
    expect(await page.locator('.pair-causes .runs').textContent()).toBe('1 case-run');
    await page.setViewportSize({ width: 320, height: 700 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
    expect(errors).toEqual([]);
    expect(await seriousIn(page)).toEqual([]);
  });

  test('older versions are folded under the newest; what a version changed is at its edge, regressions are said first', async () => {
    const { page } = await open(browser, small);
    expect(await page.locator('tbody tr').count()).toBe(2);
    expect(await page.locator('.notice').textContent()).toMatch(/1 regression since earlier matrices: \S+@\S+$/);
    expect((await page.locator('.changed').textContent())?.trim()).toBe('+1 −2');
    await page.getByRole('button', { name: '2 older versions' }).click();
    expect(await page.locator('tbody tr').count()).toBe(4);
    expect(await page.getByText('not set up: npm ci failed').count()).toBe(1);
    await page.close();
  });

  test('a phone has no table to push about: each row says its troubles, and names what is sound', async () => {
    const { page, errors } = await open(browser, small, { width: 390 });
    expect(await page.locator('table').count()).toBe(0);
    const cards = page.locator('.row-card');
    expect(await cards.count()).toBe(2);
    expect(await cards.nth(0).textContent()).toContain('all passed: rpc, stream, cancel');
    const troubled = await cards
      .nth(1)
      .locator('.troubled a')
      .evaluateAll((all) => all.map((each) => each.textContent));
    expect(troubled).toEqual(['✕?≈0 rpc', '▲66 stream', '! cancel'].map((text) => expect.stringContaining(text)));
    await page.getByRole('button', { name: '2 older versions' }).click();
    expect(await cards.count()).toBe(4);
    expect(await page.getByText('not set up: npm ci failed').count()).toBe(1);
    expect(await seriousIn(page)).toEqual([]);
    await cards.nth(1).getByRole('link', { name: 'rpc' }).click();
    await page.getByText('1 MUST is broken, and 1 disputed rule').waitFor();
    expect(errors).toEqual([]);
    await page.close();
  });

  test('a link leads to a row, Escape leads back, and an unknown row says so', async () => {
    const { page } = await open(browser, `${small}#row=mine@2`);
    expect(await page.locator('h1').textContent()).toBe('Mine 2');
    await page.getByText('What this version changed').waitFor();
    await page.getByText('mine does not declare the feature cancel').waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('Who passes what').waitFor();
    await page.goto(`${small}#row=nobody`);
    await page.getByText('There is no row nobody here').waitFor();
    await page.close();
  });

  test('requirements are a heat map with what tests them, and disputed ones say who follows which reading', async () => {
    const { page } = await open(browser, `${small}#view=rules`);
    expect(await page.locator('h1').textContent()).toContain('Brook v1: 3 requirements');
    const [first] = await page.locator('.rule-item').all();
    expect(await first?.locator('.bar').textContent()).toBe('●✕✕');
    expect(await first?.textContent()).toContain('kept by 1 of 3');
    expect(await first?.textContent()).toContain('tested by 9 cases, 1 invariant (brook/answers), 4 of 4 mutants killed');
    const disputed = await page.locator('.dispute').textContent();
    expect(disputed).toContain('The specification: drop Followed by Reference pair 0.1.0 (client), Mine 1 (client).');
    expect(disputed).toContain('The official implementation: keep Followed by Mine 2 (client).');
    await page.keyboard.press('/');
    await page.keyboard.type('dawdles');
    await page.waitForFunction(() => document.querySelectorAll('.rule-item').length === 1);
    expect(new URL(page.url()).hash).toBe('#view=rules&q=dawdles');
    await page.close();
  });

  test('a question is put to all case-runs; what is none of it says where; the examples are questions', async () => {
    const { page, errors } = await open(browser, small);
    await page.keyboard.press('/');
    await page.waitForFunction(() => document.activeElement?.matches('.ask input'));
    await page.keyboard.type('seq(verdict:pass verdict:fail)');
    await page.locator('.answers li').first().waitFor();
    expect(new URL(page.url()).hash).toContain('#view=ask&q=seq(');
    expect(await page.locator('#asked').textContent()).toBe('2 of 9 case-runs');
    expect(await page.locator('.answers li').first().textContent()).toMatch(/rpc\/case-\d@client\+json .*✕ mine@2/);
    await page.keyboard.type(' or (');
    await page.locator('#asked.v-fail').waitFor();
    expect(await page.locator('#asked').textContent()).toContain('at character 3');
    await page.goto(`${small}#view=ask`);
    await page.locator('.examples').waitFor();
    for (const link of await page.locator('.examples a').evaluateAll((all) => all.map((a) => (a as HTMLAnchorElement).href))) {
      await page.goto(link);
      await page.waitForFunction(() => document.querySelector('#asked')?.textContent !== '');
      expect(await page.locator('#asked.v-fail').count()).toBe(0);
    }
    expect(errors).toEqual([]);
    await page.close();
  });

  test('thirty versions and a thousand cases are painted with little work, in a file of less than 5 MB', async () => {
    expect(statSync(large.replace('file://', '')).size).toBeLessThan(5 * 1000 * 1000);
    const { page, errors } = await open(browser, large);
    await page.locator('.fold').first().waitFor();
    for (const button of await page.locator('.fold').all()) await button.click();
    expect(await page.locator('tbody tr').count()).toBe(31);
    expect(errors).toEqual([]);
    await page.close();
  });

  test.each(['', '#row=mine@2', '#row=mine@2&area=rpc', '#view=rules', '#view=ask&q=client'])(
    'texts of others stay texts at %j',
    async (hash) => {
      const { page, errors, requests } = await open(browser, `${hostile}${hash}`);
      expect(await page.evaluate(() => 'struck' in window)).toBe(false);
      expect(await page.locator('main img, main script').count()).toBe(0);
      const shown = (await page.locator('main').textContent()) ?? '';
      for (const acting of ['\u001b', '\u202e']) expect(shown).not.toContain(acting);
      expect({ errors, requests }).toEqual({ errors: [], requests: [] });
      await page.close();
    },
  );

  test.each([
    ['', 1280, false],
    ['', 390, true],
    ['#row=mine@2', 1280, true],
    ['#row=mine@2', 390, false],
    ['#view=rules', 1280, false],
    ['#view=rules', 390, true],
    ['#view=ask', 390, true],
    ['#view=ask&q=verdict:fail', 1280, false],
    ['#view=ask&q=(', 390, false],
  ] as const)('is open to everybody at %j, %d pixels, dark: %s', async (hash, width, dark) => {
    const { page } = await open(browser, `${small}${hash}`, { width, dark });
    expect(await seriousIn(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    await page.close();
  });
});
