import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Where Debian's package puts Chromium; another one may be named. */
const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** Whether there is a browser for tests. */
export const hasBrowser = existsSync(CHROMIUM);

/** What brings one, for who reads why tests were skipped. */
export const TO_HAVE_ONE = 'needs Chromium: apt-get install -y chromium, or CHROMIUM=<path of one>';

/** How a page is looked at: width in pixels, and whether the system is dark. */
export const LOOKS: readonly (readonly [width: number, dark: boolean])[] = [
  [1280, false],
  [1280, true],
  [390, false],
  [390, true],
];

/** Starts the browser; nothing of it leaves this machine. */
export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** A page as somebody opens it, with what went wrong in it and what it asked for. */
export interface Opened {
  readonly page: Page;
  /** Errors of scripts and of the content security policy. */
  readonly errors: readonly string[];
  /** Addresses that were asked for, but for the page's own. */
  readonly requests: readonly string[];
}

/** Opens an address and waits until something is shown. */
export async function open(browser: Browser, url: string, { width = 1280, dark = false } = {}): Promise<Opened> {
  const page = await browser.newPage({ viewport: { width, height: 860 }, colorScheme: dark ? 'dark' : 'light' });
  const errors: string[] = [];
  const requests: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('request', (request) => {
    if (request.url().split('#')[0] !== url.split('#')[0] && !request.url().startsWith('data:')) requests.push(request.url());
  });
  await page.goto(url);
  await page.waitForSelector('main');
  return { page, errors, requests };
}
