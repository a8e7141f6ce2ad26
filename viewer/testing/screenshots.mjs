// Pictures of every page in both themes and two widths, to be looked at after a change of how pages look:
//   npm run build && node viewer/testing/screenshots.mjs [folder]
// Made by the command line from runs of their own; says where they lie.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { WebSocket } from 'ws';

const root = resolve(fileURLToPath(new URL('../..', import.meta.url)));
const main = join(root, 'dist/runner/cli/main.js');
const shots = process.argv[2] ?? mkdtempSync(join(tmpdir(), 'weir-screenshots-'));
mkdirSync(shots, { recursive: true });
const work = mkdtempSync(join(tmpdir(), 'weir-pages-'));

/** Starts a command; `said` resolves with what it says, `over` when it ends. */
function start(...words) {
  const child = spawn(process.execPath, [main, ...words], {
    cwd: work,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NO_COLOR: '1' },
  });
  let seen = '';
  const over = new Promise((done) => child.once('close', done));
  const said = (pattern) =>
    new Promise((done, fail) => {
      const look = () => pattern.test(seen) && done(pattern.exec(seen));
      child.stdout.on('data', (chunk) => {
        seen += chunk;
        look();
      });
      child.once('close', () => fail(new Error(`${words.join(' ')} ended before it said ${pattern}`)));
      look();
    });
  return { child, said: (pattern) => said(pattern), over };
}

/** A frame-level client that acknowledges what it never got: somebody to blame. */
async function liar(url) {
  const socket = new WebSocket(url);
  const send = (message) => socket.send(Buffer.from(JSON.stringify({ from: 'liar', to: 'SERVER', seq: 0, ...message })));
  const next = () => new Promise((done) => socket.once('message', done));
  await new Promise((done) => socket.once('open', done));
  const expectedSessionState = { nextExpectedSeq: 0, nextSentSeq: 0 };
  send({
    id: 'a',
    ack: 0,
    streamId: 'hello',
    controlFlags: 0,
    payload: { type: 'HANDSHAKE_REQ', protocolVersion: 'v2.0', sessionId: 's', expectedSessionState },
  });
  await next();
  send({ id: 'b', ack: 7, streamId: 'call', controlFlags: 10, serviceName: 'test', procedureName: 'add', payload: { n: 1 } });
  await next();
  socket.close();
}

/** A case that passes where an addition comes to what it should. */
function addition(result) {
  writeFileSync(
    join(work, 'red.yaml'),
    `title: An addition and what it comes to
requirements: [RIVER-STREAM-RPC-01]
under-test: client
steps:
  - invoke: { as: sum, procedure: test.add, init: { n: 3 } }
  - receive: { from: sum, ok: { result: ${result} } }
  - end: sum
`,
  );
}
const run = (...words) =>
  start('run', './red.yaml', 'river/rpc/*', 'river/reconnect/*', '--world', 'simulated', '--traces', 'all', ...words).over;
addition(3);
await run('-o', 'green');
addition(4);
await run('-o', 'red');
await start('diff', 'green', 'red', '--html', 'diff.html').over;
const [bundle = ''] = readdirSync(join(work, 'red/bundles'));
const [trace = ''] = readdirSync(join(work, 'red/traces')).filter((name) => name.includes('add'));
await start('diff', join('red/bundles', bundle), join('red/traces', trace), '--html', 'traces.html').over;
const server = start('serve', 'river', '--binding', 'json');
const [, upstream] = await server.said(/on (ws:\S+);/);
const tap = start('tap', 'river', '--upstream', upstream, '--ui', '--no-open');
const [, dial] = await tap.said(/dial (ws:\S+) instead/);
const [, live] = await tap.said(/follow it at (\S+)/);
await liar(dial);

const file = (name) => `file://${join(work, name)}`;
const redRun = '#run=river/red@client+json';
const pages = [
  ['start-green', file('green/report.html')],
  ['start-red', file('red/report.html')],
  ['rules', `${file('red/report.html')}#view=rules`],
  ['case', `${file('red/report.html')}${redRun}`],
  ['frame', `${file('red/report.html')}${redRun}`, 'n'],
  ['changes', file('diff.html')],
  ['two-traces', file('traces.html')],
  ['tap', live],
];
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu'],
});
for (const [name, url, key] of pages) {
  for (const width of [1280, 390]) {
    for (const theme of ['light', 'dark']) {
      const page = await browser.newPage({ viewport: { width, height: 860 }, colorScheme: theme });
      await page.goto(url);
      await page.waitForSelector('main h1');
      if (/run=/.test(url) || name === 'tap' || name === 'two-traces') await page.waitForSelector('.ladder-row');
      if (key !== undefined) await page.keyboard.press(key);
      await page.evaluate('document.fonts.ready.then(() => undefined)');
      await page.screenshot({ path: join(shots, `${name}-${width}-${theme}.png`) });
      await page.close();
    }
  }
}
await browser.close();
for (const { child, over } of [tap, server]) {
  child.kill('SIGINT');
  await over;
}
process.stdout.write(`${shots}\n`);
