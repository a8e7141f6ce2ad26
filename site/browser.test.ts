import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seriousIn } from '../viewer/testing/axe.ts';
import { hasBrowser, launch, open, TO_HAVE_ONE } from '../viewer/testing/browser.ts';
import { type Served, serveFolder } from './testing/serve.ts';

/** A folder that holds the built site: it takes a minute to build, so that only who names one looks at it. */
const folder = process.env['WEIR_SITE'];
const there = hasBrowser && folder !== undefined && existsSync(join(folder, 'index.html'));

/** One of each kind of page. */
const KINDS = [
  '/index.html',
  '/adapters.html',
  '/architecture.html',
  '/reference/commands.html',
  '/reference/schemas/control.html',
  '/requirements/river/seq.html',
  '/cases/rsocket/credit.html',
];

describe.skipIf(!there)(`the site in a browser (${TO_HAVE_ONE}; npm run docs, then WEIR_SITE=site/dist)`, { timeout: 120_000 }, () => {
  let browser: Browser;
  let site: Served;

  beforeAll(async () => {
    browser = await launch();
    site = await serveFolder(folder ?? '');
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  const elsewhere = (requests: readonly string[]): string[] => requests.filter((url) => !url.startsWith(`${site.url}/`));

  test.for(KINDS)(
    '%s: axe finds nothing serious in either theme, nothing is asked of anybody else, nothing is wider than a telephone',
    async (path) => {
      for (const dark of [false, true]) {
        const { page, errors, requests } = await open(browser, `${site.url}${path}`, { dark });
        await page.locator('main h1').first().waitFor();
        expect(await page.evaluate(() => document.documentElement.classList.contains('dark'))).toBe(dark);
        expect(await seriousIn(page), dark ? 'dark' : 'light').toEqual([]);
        await page.setViewportSize({ width: 390, height: 860 });
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
        expect({ errors, elsewhere: elsewhere(requests) }).toEqual({ errors: [], elsewhere: [] });
        await page.close();
      }
    },
  );

  test('the search finds a case and a requirement by their words, and opens them', async () => {
    for (const [words, address, heading] of [
      ['REQUEST_N right behind its request', '/cases/rsocket/credit', 'behind-the-request'],
      ['RSOCKET-RS-03', '/requirements/rsocket/rs', 'RSOCKET-RS-03'],
    ] as const) {
      const { page, errors, requests } = await open(browser, `${site.url}/index.html`);
      const input = page.locator('#localsearch-input');
      // Before the page is alive its button does nothing.
      await expect
        .poll(
          async () => {
            if (!(await input.isVisible()))
              await page
                .getByRole('button', { name: 'Search' })
                .first()
                .click({ timeout: 1000 })
                .catch(() => {});
            return input.isVisible();
          },
          { timeout: 60_000 },
        )
        .toBe(true);
      await input.fill(words);
      const hit = page.locator(`#localsearch-list a[href*="${address}"]`).first();
      await hit.click();
      await page.waitForURL(`**${address}.html*`);
      await page.locator('main').getByText(heading, { exact: false }).first().waitFor();
      expect({ errors, elsewhere: elsewhere(requests) }).toEqual({ errors: [], elsewhere: [] });
      await page.close();
    }
  });

  test('a case leads to its requirement, and that back to it', async () => {
    const { page, errors } = await open(browser, `${site.url}/cases/rsocket/credit.html`);
    await page.locator('main').getByRole('link', { name: 'RSOCKET-RS-03' }).first().click();
    await page.waitForURL('**/requirements/rsocket/rs.html#*');
    await page.locator('main').getByRole('link', { name: 'rsocket/credit/behind-the-request' }).first().click();
    await page.waitForURL('**/cases/rsocket/credit.html#*');
    expect(errors).toEqual([]);
    await page.close();
  });
});
