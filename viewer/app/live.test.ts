import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { main } from '../../runner/cli/testing/command-line.ts';
import { started } from '../../runner/cli/testing/started.ts';
import { seriousIn } from '../testing/axe.ts';
import { hasBrowser, LOOKS, launch, type Opened, open, TO_HAVE_ONE } from '../testing/browser.ts';

describe.skipIf(!hasBrowser || !existsSync(main))(`the page of a tap (${TO_HAVE_ONE})`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-live-'));
  let browser: Browser;
  let server: ReturnType<typeof started>;
  let upstream: string;
  let opened: Opened | undefined;

  beforeAll(async () => {
    browser = await launch();
    server = started(folder, ['serve', 'river', '--binding', 'json']);
    upstream = (await server.said(/on (ws:\S+);/))[1] ?? '';
  }, 60_000);
  afterEach(async () => {
    await opened?.page.close();
    opened = undefined;
  });
  afterAll(async () => {
    await browser.close();
    server.child.kill('SIGINT');
    await server.child;
    rmSync(folder, { recursive: true });
  });

  async function tapping(more: readonly string[] = [], server = upstream) {
    const tap = started(folder, ['tap', 'river', '--upstream', server, '--ui', '--no-open', ...more]);
    const [, url = ''] = await tap.said(/dial (ws:\S+) instead/);
    const [, page = ''] = await tap.said(/follow it at (\S+)/);
    const end = async () => {
      tap.child.kill('SIGINT');
      return tap.child;
    };
    return { url, page, end };
  }

  /** A client that acknowledges what it never got. */
  async function liar(url: string, payload: object = { n: 1 }): Promise<void> {
    const socket = new WebSocket(url);
    await once(socket, 'open');
    greet(socket, `s-${url}`);
    await once(socket, 'message');
    say(socket, { id: 'b', ack: 7, streamId: 'call', controlFlags: 10, serviceName: 'test', procedureName: 'add', payload });
    await once(socket, 'message');
    socket.close();
  }

  function say(socket: WebSocket, message: object): void {
    socket.send(Buffer.from(JSON.stringify({ from: 'client', to: 'SERVER', seq: 0, ...message })));
  }

  function greet(socket: WebSocket, sessionId: string): void {
    const expectedSessionState = { nextExpectedSeq: 0, nextSentSeq: 0 };
    const hello = { type: 'HANDSHAKE_REQ', protocolVersion: 'v2.0', sessionId, expectedSessionState, metadata: { token: SECRET } };
    say(socket, { id: 'a', ack: 0, streamId: 'hello', controlFlags: 0, payload: hello });
  }
  const SECRET = 'hunter2-is-a-secret';
  const HOSTILE = '<img src=x onerror="window.struck = true">\u202e\u001b[31m';

  test('says what to do, then follows: frames, the rule that is broken, by whom, and its frame', async () => {
    const { url, page: address, end } = await tapping();
    opened = await open(browser, address);
    const { page, errors } = opened;
    await page.getByText('Nothing has passed yet').waitFor();
    expect(await page.locator('.story').textContent()).toContain(url);
    await liar(url);
    await page.getByRole('heading', { name: '1 MUST is broken by the client' }).waitFor();
    expect(await page.locator('.found').textContent()).toMatch(/the client breaks RIVER-SEQ-02 MUST once.*equals the number of distinct/);
    await page.getByText('connection 0 ended by the client').first().waitFor();
    await page.getByRole('link', { name: 'its frame' }).click();
    await page.locator('.frame-pane').waitFor();
    expect(await page.locator('.ladder-row.current').textContent()).toContain('#0/a7');
    expect(await page.locator('.frame-pane').textContent()).toContain('ack 7, but at most 0 messages');
    expect(await page.locator('#app').textContent()).not.toContain(SECRET);
    await page.keyboard.press('j');
    await page.locator('.ladder-row.current', { hasText: '#0/a1' }).waitFor();
    await page.keyboard.press('?');
    expect(await page.getByRole('dialog').textContent()).toContain('follow the newest frame');
    // A tap has no case, so no golden trace, and no command that runs it again.
    expect(await page.locator('#app').textContent()).not.toMatch(/golden|runs it again/);
    await page.keyboard.press('Escape');
    expect((await end()).exitCode).toBe(1);
    await page.getByText('the tap has ended').waitFor();
    expect(errors).toEqual([]);
  });

  test('tells no password of an address', async () => {
    const { page: address, end } = await tapping([], upstream.replace('ws://', 'ws://ann:geheim-4711@'));
    const html = await (await fetch(address)).text();
    expect(html).toContain('weir tap: ws://redacted@');
    expect(html).not.toContain('geheim-4711');
    opened = await open(browser, address);
    const { page } = opened;
    await page.getByText('Nothing has passed yet').waitFor();
    expect(await page.locator('#app').textContent()).toMatch(/Have the clients dial ws:\/\/redacted@127\.0\.0\.1:\d+\/ instead of/);
    expect(await page.locator('#app').textContent()).not.toContain('geheim-4711');
    await end();
  });

  test('stays where its reader is while frames come, and goes on with the newest when asked', async () => {
    const { url, page: address, end } = await tapping();
    opened = await open(browser, address);
    const { page } = opened;
    for (let i = 0; i < 8; i += 1) await liar(url);
    await page.locator('.ladder-row', { hasText: 'connection 7' }).first().waitFor();
    await page
      .getByRole('link', { name: /its frame/ })
      .first()
      .click();
    const top = (): Promise<number> => page.locator('.ladder').evaluate((ladder) => ladder.scrollTop);
    await page.locator('.ladder-row.current').waitFor();
    const before = await top();
    for (let i = 0; i < 4; i += 1) await liar(url);
    await page.getByText('on 12 connections').waitFor();
    expect(await top()).toBe(before);
    await page.keyboard.press('Escape');
    await page.keyboard.press('f');
    await page.locator('.ladder-row', { hasText: 'connection 11 ended' }).waitFor();
    await end();
  });

  test('lets faults strike at a button or as cases write them, says why one cannot, and shows what they did', async () => {
    const { url, page: address, end } = await tapping(['--fault', 'drop: { frame: { from: server, kind: data }, nth: 3 }']);
    opened = await open(browser, address);
    const { page, errors } = opened;
    const armed = page.getByRole('list', { name: 'Faults at work' });
    const done = page.getByRole('list', { name: /What faults did/ });
    await armed.getByText(/drop.*strikes once/).waitFor();
    expect(await page.getByRole('group', { name: 'Faults to choose from' }).getByRole('button').allTextContents()).toEqual([
      ...['cut connections', 'stall them', 'resume', 'refuse new ones', 'restore all', 'release what is held'],
      'drop: { frame: { from: server, kind: data }, nth: 3 }',
    ]);
    const socket = new WebSocket(url);
    await once(socket, 'open');
    const ended = once(socket, 'close');
    await page.getByText('on 1 connection').waitFor();
    await page.getByRole('button', { name: 'cut connections' }).focus();
    await page.keyboard.press('Enter');
    await ended;
    await done.getByText('cut (rst): connection 0').waitFor();
    const field = page.getByRole('textbox', { name: /as cases write it/ });
    // Letters are no keys of the page while somebody types.
    await field.pressSequentially('explode jf?');
    await page.keyboard.press('Enter');
    await page.getByRole('status').filter({ hasText: 'this cannot be `explode jf?`' }).waitFor();
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    expect(await field.inputValue()).toBe('explode jf?');
    await field.fill('refuse: { how: reset, times: 2 }');
    await page.keyboard.press('Enter');
    await armed.getByText('refuse strikes 2 times').waitFor();
    expect(await field.inputValue()).toBe('');
    const refused = new WebSocket(url);
    await once(refused, 'error');
    await done.getByText('refuse (reset): connection 1').waitFor();
    await armed.getByText('refuse strikes once').waitFor();
    await page.getByRole('button', { name: 'restore all' }).click();
    await armed.getByText('refuse').waitFor({ state: 'detached' });
    expect(errors.filter((error) => !error.includes('422'))).toEqual([]);
    expect((await end()).exitCode).toBe(0);
    await page.getByText('the tap has ended').waitFor();
    expect(await page.getByRole('button', { name: 'cut connections' }).isDisabled()).toBe(true);
  });

  test('lifts a fault at its button or with the keyboard: it strikes no more, and what it struck stays told', async () => {
    const aim = '{ frame: { from: server }, times: all }';
    const { url, page: address, end } = await tapping(['--fault', `drop: ${aim}`, '--fault', 'refuse']);
    opened = await open(browser, address);
    const { page, errors } = opened;
    const armed = page.getByRole('list', { name: 'Faults at work' });
    const done = page.getByRole('list', { name: /What faults did/ });
    await armed.getByText(/refuse/).waitFor();
    const refused = new WebSocket(url);
    await once(refused, 'error');
    await armed.getByRole('button', { name: 'lift refuse' }).click();
    await armed.getByText('refuse').waitFor({ state: 'detached' });
    await done.getByText('lifted: refuse').waitFor();
    await page.getByRole('status').filter({ hasText: 'lifted: refuse' }).waitFor();
    expect(await done.textContent()).toContain('refuse (reset): connection 0');
    const socket = new WebSocket(url);
    await once(socket, 'open');
    const heard: unknown[] = [];
    socket.on('message', (data) => heard.push(data));
    greet(socket, 'unheard');
    await armed.getByText(/drop.*has struck/).waitFor();
    await armed.getByRole('button', { name: /^lift .*drop/ }).focus();
    await page.keyboard.press('Enter');
    await armed.waitFor({ state: 'detached' });
    await done.getByText(/lifted: .*drop.*; struck (once|\d+ times)/).waitFor();
    expect(await done.textContent()).toMatch(/drop: server frame \d+ of connection 1/);
    const other = new WebSocket(url);
    await once(other, 'open');
    greet(other, 'heard');
    await once(other, 'message');
    expect(heard).toEqual([]);
    socket.close();
    other.close();
    expect(errors).toEqual([]);
    await end();
  });

  test('hostile text stays text, nothing but its news is asked for, and who comes later sees what was', async () => {
    const { url, page: address, end } = await tapping();
    await liar(url, { [HOSTILE]: HOSTILE });
    opened = await open(browser, address);
    const { page, errors, requests } = opened;
    await page.locator('.ladder-row', { hasText: 'img src=x' }).first().waitFor();
    const text = (await page.locator('#app').textContent()) ?? '';
    expect(text.match(/[\p{Cc}\p{Cf}]/gu)?.filter((character) => character !== '\n') ?? []).toEqual([]);
    expect(await page.evaluate(() => 'struck' in window)).toBe(false);
    await page.getByRole('heading', { name: /broken by the client/ }).waitFor();
    expect(errors).toEqual([]);
    expect(requests).toEqual([`${address}news`]);
    await end();
  });

  test.each(LOOKS)('is accessible at %i px, dark: %s', async (width, dark) => {
    const { url, page: address, end } = await tapping();
    await liar(url);
    opened = await open(browser, address, { width, dark });
    const { page } = opened;
    await page.getByRole('link', { name: 'its frame' }).click();
    await page.locator('.frame-pane').waitFor();
    expect(await seriousIn(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    await end();
  });
});
