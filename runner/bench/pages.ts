import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { writeMatrix } from '../cli/commands/matrix/write.ts';
import { MATRIX_FILES, readMatrix } from '../matrix/read.ts';
import { packageRoot } from '../package-root.ts';
import { enlarge } from './growth/enlarge.ts';
import { enlargeMatrix } from './large-matrix.ts';
import { quantile } from './quantile.ts';
import { weir } from './weir.ts';

/** One figure of the pages, beside its bar. */
export interface PageFigure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly bar: number;
}

/** Where Debian's package puts Chromium; another one may be named. */
const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** Case-runs of the large page, and frames of the long trace. */
const CASE_RUNS = 5000;
const FRAMES = 10_000;

/** Columns of the large matrix, and its case-runs. */
const COLUMNS = 30;
const MATRIX_CASES = 1000;
const LARGE_MATRIX = '30 columns × 1,000 cases';

/** Steps in which a list is scrolled from its first row to its last. */
const STEPS = 300;

/** How large the pages are and how fast: written by the command line, looked at in Chromium where there is one. */
export async function pageFigures(protocol: string, times: number): Promise<readonly PageFigure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'weir-pages-'));
  try {
    const figures: PageFigure[] = [];
    const corpus = join(folder, 'corpus');
    await must(['run', '--world', 'simulated', '--output', corpus, '--report', 'junit']);
    const took: number[] = [];
    const page = join(folder, 'corpus.html');
    for (let i = 0; i < times; i += 1) took.push((await must(['report', corpus, '--output', page])).wallMs);
    figures.push({ what: 'the corpus, reference pair: written in', value: quantile(took, 0.5), unit: 'ms', bar: 2000 });
    figures.push({ what: 'the corpus, reference pair: size', value: (await stat(page)).size / 1024 / 1024, unit: 'MiB', bar: 15 });
    const matrix = await pageOfLargeMatrix(protocol, folder);
    figures.push({ what: `${LARGE_MATRIX}: size`, value: (await stat(matrix)).size / 1e6, unit: 'MB', bar: 5 });
    if (!existsSync(CHROMIUM)) return figures;
    const many = await pageOfMany(corpus, folder);
    const long = await pageOfLongTrace(protocol, folder);
    return [...figures, ...(await inBrowser(many, long, matrix))];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A page of 5,000 case-runs: those of the corpus again and again, each time under other ids. */
async function pageOfMany(corpus: string, folder: string): Promise<string> {
  const read = JSON.parse(await readFile(join(corpus, 'results.json'), 'utf8')) as { runs: { id: string; case: string }[] };
  const runs = Array.from({ length: CASE_RUNS }, (_, i) => {
    const run = read.runs[i % read.runs.length];
    const again = Math.floor(i / read.runs.length);
    return again === 0 ? run : { ...run, id: run?.id.replace('@', `-${again}@`), case: `${run?.case}-${again}` };
  });
  const file = join(folder, 'many.json');
  await writeFile(file, JSON.stringify({ ...read, runs }));
  const page = join(folder, 'many.html');
  await must(['report', file, '--output', page]);
  return page;
}

/** The page of a matrix of many columns: the published one made larger. */
async function pageOfLargeMatrix(protocol: string, folder: string): Promise<string> {
  const published = readMatrix(join(packageRoot(), 'reports', protocol, MATRIX_FILES.data));
  await writeMatrix(enlargeMatrix(published, COLUMNS, MATRIX_CASES), [], folder, { before: '', append: false });
  return join(folder, MATRIX_FILES.page);
}

/** A page with a trace of 10,000 frames: a case of the corpus made larger. */
async function pageOfLongTrace(protocol: string, folder: string): Promise<string> {
  const text = await readFile(join(packageRoot(), 'cases', protocol, 'limits/thousand-items-in-order.yaml'), 'utf8');
  const file = join(folder, 'long.yaml');
  await writeFile(file, enlarge(text, FRAMES / 1000).replace(/^# yaml-language-server.*\n/, ''));
  const output = join(folder, 'long');
  await must(['run', file, '--world', 'simulated', '--role', 'client', '--traces', 'all', '--output', output]);
  return join(output, 'report.html');
}

async function inBrowser(many: string, long: string, matrix: string): Promise<readonly PageFigure[]> {
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--headless', '--no-sandbox', '--disable-gpu'] });
  const figures: PageFigure[] = [];
  try {
    for (const [what, url] of [
      ['5,000 case-runs', `file://${many}`],
      ['10,000 frames', `file://${long}`],
    ] as const) {
      const { page, session } = await opened(browser, url, '.row');
      if (what === '10,000 frames') {
        await page.locator('.row a').first().click();
        await page.waitForSelector('.ladder-row');
      } else figures.push({ what: `${what}: script until the first paint`, value: await scriptMs(session), unit: 'ms', bar: 1000 });
      const longest = await scroll(page, what === '10,000 frames' ? '.ladder' : 'main');
      figures.push({ what: `${what}: longest task while scrolled`, value: longest, unit: 'ms', bar: 100 });
      await page.close();
    }
    const { session } = await opened(browser, `file://${matrix}`, 'tbody tr');
    figures.push({ what: `${LARGE_MATRIX}: first paint, script`, value: await scriptMs(session), unit: 'ms', bar: 1000 });
  } finally {
    await browser.close();
  }
  return figures;
}

/** A page once something is shown on it, and what counts its script. */
async function opened(browser: Browser, url: string, shown: string): Promise<{ readonly page: Page; readonly session: CDPSession }> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
  await page.addInitScript(WATCH);
  const session = await page.context().newCDPSession(page);
  // Counts from now on.
  await session.send('Performance.enable');
  await page.goto(url);
  await page.waitForSelector(shown);
  return { page, session };
}

/** In the page: tasks of more than 50 ms, as the browser tells them. */
const WATCH = `window.tasks = []; new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.tasks.push(entry.duration);
}).observe({ type: 'longtask', buffered: true });`;

/** Ms of script so far, as the browser counts it. */
async function scriptMs(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? Number.NaN) * 1000;
}

/** Scrolls from the first row to the last, a step a frame; gives the longest task in ms, 0 where none had 50. */
async function scroll(page: Page, selector: string): Promise<number> {
  const longest: unknown = await page.evaluate(`(async () => {
    const view = document.querySelector('${selector}');
    // What the opening of the page took is not of the scrolling.
    await new Promise((done) => requestIdleCallback(done));
    await new Promise((done) => setTimeout(done, 200));
    window.tasks.length = 0;
    for (let i = 0; i <= ${STEPS}; i += 1) {
      view.scrollTop = ((view.scrollHeight - view.clientHeight) * i) / ${STEPS};
      await new Promise((done) => requestAnimationFrame(done));
    }
    await new Promise((done) => requestAnimationFrame(done));
    return Math.max(0, ...window.tasks);
  })()`);
  return Number(longest);
}

async function must(args: readonly string[]) {
  const run = await weir(args);
  if (run.code !== 0) throw new Error(`weir ${args.join(' ')} ended with code ${run.code}:\n${run.stderr}`);
  return run;
}
