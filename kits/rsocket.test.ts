import { rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CONVERSATIONS, SETUPS } from './rsocket-conversations.ts';
import { carriedOut, isHere, type Message, scratch, start, type Talk } from './talk.ts';
import { LOOPS } from './toys.ts';

afterAll(() => rmSync(scratch, { recursive: true }));

/** How long to wait for what does not come, in ms. */
const PATIENCE_MS = 5_000;

/** A line of a notification, which begins with its subject: a call by its name, or a run of a handler. */
function lineOf({ method, params }: Message): string {
  const { call, instance, procedure, run, event, status, detail, value, metadata, result } = params as Record<string, unknown>;
  const item = (data: unknown, beside: unknown): string =>
    beside === undefined ? JSON.stringify(data) : `${data === undefined ? '-' : JSON.stringify(data)} + ${JSON.stringify(beside)}`;
  if (method === 'end') return `${call} end`;
  if (method === 'status') return [instance, status, detail].filter((word) => word !== undefined).join(' ');
  if (method === 'handler') {
    const told = value === undefined && metadata === undefined ? '' : ` ${item(value, metadata)}`;
    return `${instance}/${procedure}#${run} ${event}${told}`;
  }
  const { ok, value: data, metadata: beside, error } = result as Record<string, unknown>;
  if (ok === true) return `${call} < ${item(data, beside)}`;
  const { code, message } = error as Record<string, unknown>;
  return `${call} ! ${code} ${message}`;
}

/** Lines by their subject, each subject's in order: of what different subjects say none is first. */
function bySubject(lines: readonly string[]): Record<string, readonly string[]> {
  const subjects: Record<string, string[]> = {};
  for (const line of lines) {
    const [subject = ''] = line.split(' ');
    subjects[subject] ??= [];
    subjects[subject].push(line);
  }
  return subjects;
}

/** What an adapter says at requests: as many lines as are to come, and what it answers with an error. */
async function heardAt(talk: Talk, asks: readonly object[], expected: number): Promise<readonly string[]> {
  talk.say(...asks.map((ask, id) => ({ id, ...ask })));
  const lines: string[] = [];
  let answers = asks.length;
  while (lines.length < expected || answers > 0) {
    const message = await Promise.race([talk.next(), pause(PATIENCE_MS, undefined, { ref: false })]);
    if (message === undefined) break;
    if (!Object.hasOwn(message, 'id')) lines.push(lineOf(message));
    else answers -= 1;
    if (Object.hasOwn(message, 'error')) lines.push(`refused ${JSON.stringify(message.error)}`);
  }
  return lines;
}

const serve: object = { method: 'serve', params: { server: 's', binding: 'loop', options: { timeScale: 0.1 } } };
const connect = (setupData: unknown): object => ({
  method: 'connect',
  params: { client: 'c', url: 'loop:s', binding: 'loop', options: { timeScale: 0.1, setupData } },
});

describe.each(Object.entries(LOOPS))('the RSocket part of the %s kit', (_language, toy) => {
  const here = isHere(toy);

  test.skipIf(here)('is left out', (context) => context.skip(`its language is not here: ${toy.install}`));

  describe.skipIf(!here)('with a library whose network is a queue', () => {
    const { build } = toy;
    if (build !== undefined) beforeAll(() => void carriedOut(toy, build));

    test.each(Object.entries(CONVERSATIONS))('%s', async (_name, { turns }) => {
      const talk = start(toy);
      try {
        expect(await heardAt(talk, [serve], 0)).toEqual([]);
        expect(bySubject(await heardAt(talk, [connect('hello')], 2))).toEqual({ c: ['c connected'], s: ['s connected'] });
        for (const [asks, hears] of turns) expect(bySubject(await heardAt(talk, asks, hears.length))).toEqual(bySubject(hears));
        // What was said too much came before this.
        const last = { method: 'invoke', params: { at: 'c', call: 'last', kind: 'request-response', procedure: 'nothing' } };
        const told = await heardAt(talk, [last], 3);
        expect(told.filter((line) => !line.startsWith('s/nothing#'))).toEqual(['last end']);
        const { code, rest } = await talk.end();
        expect({ code, rest }).toEqual({ code: 0, rest: [] });
      } finally {
        talk.kill();
      }
    });

    test('a SETUP is taken or refused by its data', async () => {
      const talk = start(toy);
      try {
        await heardAt(talk, [serve], 0);
        for (const [data, status] of SETUPS) {
          const told = status === 'connected' ? { c: ['c connected'], s: ['s connected'] } : { c: ['c refused REJECTED_SETUP'] };
          expect(bySubject(await heardAt(talk, [connect(data)], Object.keys(told).length)), String(data)).toEqual(told);
          await heardAt(talk, [{ method: 'disconnect', params: { client: 'c' } }], 0);
        }
        expect((await talk.end()).rest).toEqual([]);
      } finally {
        talk.kill();
      }
    });

    for (const words of toy.tidy ?? []) {
      test(`and ${words.join(' ')} finds nothing`, () => expect(carriedOut(toy, words)).toBe(''));
    }
  });
});
