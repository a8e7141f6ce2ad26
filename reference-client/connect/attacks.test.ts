import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { MOST_FIELDS } from '../../protocols/carriers/http/head.ts';
import { LONGEST_HEAD } from '../../protocols/carriers/http/reader.ts';
import { MOST_DECOMPRESSED } from '../../protocols/connect/content.ts';
import { type TextPlayer, textPlayer } from '../../runner/execute/testing/play-text.ts';
import { judgeCarrier } from '../../runner/judge/carrier-judge.ts';
import { realWorld } from '../../runner/worlds/real/index.ts';
import { simulatedWorld } from '../../runner/worlds/simulated/index.ts';
import type { World } from '../../runner/worlds/world.ts';

/** What a server writes that means harm, and what becomes of the call. The next one is answered all the same. */
interface Attack {
  readonly what: string;
  readonly procedure?: 'Count';
  /** Bytes as they are, an answer that is written by its parts, or the end of what is written. */
  readonly writes: readonly (Text | { readonly respond: object } | { readonly close: true })[];
  /** The code of its error, or that it is answered. */
  readonly call: string | { readonly ok: unknown };
  /** Heard before the next call is made: who sends in the same moment cannot know better. */
  readonly late?: true;
  /** The rule of HTTP that is broken: a server under test would be blamed for it, and the client is for nothing. */
  readonly breaks?: string;
}

/** A text, or how a long one is made. */
type Text = string | { readonly $join: readonly unknown[] };

const many = (text: string, times: number): object => ({ $repeat: { text, times } });
const TYPE = 'Content-Type: application/json\r\n';
const answer = (fields: string, behind = '', first = 'HTTP/1.1 200 OK'): string => `${first}\r\n${TYPE}${fields}\r\n${behind}`;
const chunked = (behind: string): string => answer('Transfer-Encoding: chunked\r\n', behind);
const BODY = '{"text":"a"}';
const LENGTH = `Content-Length: ${BODY.length}\r\n`;
const WHOLE = answer(LENGTH, BODY);
const ANSWERED = { ok: { text: 'a' } };
const bomb = gzipSync(Buffer.alloc(MOST_DECOMPRESSED + 1)).toString('hex');

const headOf = (bytes: number): Text => {
  const [before, after] = [`HTTP/1.1 200 OK\r\n${TYPE}${LENGTH}X-A: `, '\r\n\r\n'];
  return { $join: [before, many('a', bytes - before.length - after.length), after, BODY] };
};
const fieldsOf = (count: number): Text => ({
  $join: [`HTTP/1.1 200 OK\r\n${TYPE}${LENGTH}`, many('x-a: 1\r\n', count - 2), `\r\n${BODY}`],
});

const sizes: readonly Attack[] = [
  { what: 'a head of a mebibyte', writes: [headOf(LONGEST_HEAD)], call: ANSWERED },
  { what: 'a head of one byte more', writes: [headOf(LONGEST_HEAD + 1)], call: 'unavailable' },
  { what: '10,000 fields', writes: [fieldsOf(10_000)], call: ANSWERED },
  { what: 'one field beyond the most', writes: [fieldsOf(MOST_FIELDS + 1)], call: 'unavailable' },
  { what: 'a mebibyte without a line’s end', writes: [{ $join: [many('a', LONGEST_HEAD + 1)] }], call: 'unavailable' },
  {
    what: '5,000 chunks of one byte',
    writes: [{ $join: [chunked(''), many('1\r\n \r\n', 5000), `${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`] }],
    call: ANSWERED,
  },
  {
    what: 'trailers of more than a mebibyte',
    writes: [{ $join: [chunked(`${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\nX-A: `), many('a', LONGEST_HEAD), '\r\n\r\n'] }],
    call: 'unavailable',
  },
  { what: '1,000 answers that one comes', writes: [{ $join: [many('HTTP/1.1 100 Continue\r\n\r\n', 1000), WHOLE] }], call: ANSWERED },
  {
    what: 'a million brackets',
    writes: [{ $join: [`HTTP/1.1 200 OK\r\n${TYPE}Content-Length: 1000000\r\n\r\n`, many('[', 1_000_000)] }],
    call: 'internal',
  },
  {
    what: 'a million brackets as an error',
    writes: [{ $join: [`HTTP/1.1 409 Conflict\r\n${TYPE}Content-Length: 1000000\r\n\r\n`, many('[', 1_000_000)] }],
    call: 'unknown',
  },
  {
    what: 'a gzip bomb',
    writes: [{ respond: { headers: { 'Content-Encoding': 'gzip' }, body: [{ hex: bomb }] } }],
    call: 'resource_exhausted',
  },
  {
    what: 'a gzip bomb as an error',
    writes: [{ respond: { status: 409, headers: { 'Content-Encoding': 'gzip' }, body: [{ hex: bomb }] } }],
    call: 'unknown',
  },
  {
    what: 'a gzip bomb in an envelope',
    procedure: 'Count',
    writes: [{ respond: { headers: { 'Connect-Content-Encoding': 'gzip' }, body: [{ hex: bomb, flags: 1 }, { end: {} }] } }],
    call: 'resource_exhausted',
  },
  {
    what: 'a gzip bomb as the end of a stream',
    procedure: 'Count',
    writes: [{ respond: { headers: { 'Connect-Content-Encoding': 'gzip' }, body: [{ hex: bomb, flags: 3 }] } }],
    call: 'resource_exhausted',
  },
  {
    what: 'an envelope that says 4 GiB',
    procedure: 'Count',
    writes: [{ respond: { body: [{ end: {}, length: 0xff_ff_ff_ff }] } }],
    call: 'internal',
  },
];

/** Where two readers may disagree on where an answer ends. */
const smuggled: readonly Attack[] = [
  ['length and chunks', answer('Content-Length: 2\r\nTransfer-Encoding: chunked\r\n', `0\r\n\r\n${WHOLE}`), 'length-and-chunks'],
  ['two lengths', answer(`Content-Length: 2\r\n${LENGTH}`, BODY), 'two-lengths'],
  ['two equal lengths', answer(`${LENGTH}${LENGTH}`, BODY), 'two-lengths'],
  ['a list of lengths', answer('Content-Length: 12, 12\r\n', BODY), 'two-lengths'],
  ['a length with a plus', answer('Content-Length: +12\r\n', BODY), 'length'],
  ['a length with a minus', answer('Content-Length: -12\r\n', BODY), 'length'],
  ['a length in hexadecimal', answer('Content-Length: 0xc\r\n', BODY), 'length'],
  ['an empty length', answer('Content-Length: \r\n', BODY), 'length'],
  ['a length that wraps', answer('Content-Length: 18446744073709551628\r\n', BODY), 'length'],
  ['a blank before the colon', answer('Content-Length : 12\r\n', BODY), 'space-before-colon'],
  ['a folded line', answer(`X-A: 1\r\n 2\r\n${LENGTH}`, BODY), 'folded-line'],
  ['a bare LF', answer(`X-A: 1\n${LENGTH}`, BODY), 'lone-lf'],
  ['a bare CR', answer(`X-A: 1\rX-B: 2\r\n${LENGTH}`, BODY), 'lone-cr'],
  ['a field without a colon', answer(`nothing\r\n${LENGTH}`, BODY), 'no-colon'],
  ['chunks that are not last', answer('Transfer-Encoding: chunked, gzip\r\n', '0\r\n\r\n'), 'chunked-not-last'],
  ['chunks twice', answer('Transfer-Encoding: chunked, chunked\r\n', '0\r\n\r\n'), 'chunked-twice'],
  ['chunks in HTTP/1.0', answer('Transfer-Encoding: chunked\r\n', '0\r\n\r\n', 'HTTP/1.0 200 OK'), 'chunks-in-1.0'],
  ['a status of two digits', answer(LENGTH, BODY, 'HTTP/1.1 99 Low'), 'status-line'],
  ['a status of four digits', answer(LENGTH, BODY, 'HTTP/1.1 2000 OK'), 'status-line'],
  ['a status that is none', answer(LENGTH, BODY, 'HTTP/1.1 two OK'), 'status-line'],
  ['a blank before the version', answer(LENGTH, BODY, ' HTTP/1.1 200 OK'), 'status-line'],
  ['another protocol', answer(LENGTH, BODY, 'ICY 200 OK'), 'status-line'],
  ['a later version', answer(LENGTH, BODY, 'HTTP/2.0 200 OK'), 'version'],
  ['a size of a chunk with a plus', chunked(`+c\r\n${BODY}\r\n0\r\n\r\n`), 'chunk-size'],
  ['a size of a chunk with a minus', chunked(`-c\r\n${BODY}\r\n0\r\n\r\n`), 'chunk-size'],
  ['a size of a chunk with its base', chunked(`0xc\r\n${BODY}\r\n0\r\n\r\n`), 'chunk-size'],
  ['a size of a chunk that wraps', chunked(`1000000000000000c\r\n${BODY}\r\n0\r\n\r\n`), 'chunk-size'],
  ['a chunk that is longer than it says', chunked(`b\r\n${BODY}\r\n0\r\n\r\n`), 'chunk-end'],
  ['a trailer that is none', chunked(`c\r\n${BODY}\r\n0\r\nnothing\r\n\r\n`), 'no-colon'],
].map(([what = '', written = '', breaks = '']) => ({ what, writes: [written], call: 'unavailable', breaks }));

const others: readonly Attack[] = [
  { what: 'extensions of chunks', writes: [chunked(`c;a;b="c"\r\n${BODY}\r\n0;last\r\nx-a: 1\r\n\r\n`)], call: ANSWERED },
  { what: 'zeros before a size', writes: [chunked(`0000000c\r\n${BODY}\r\n000\r\n\r\n`)], call: ANSWERED },
  { what: 'empty lines before an answer', writes: [`\r\n\r\n${WHOLE}`], call: ANSWERED },
  { what: 'an answer that goes on until the end', writes: [answer('', BODY), { close: true }], call: ANSWERED },
  { what: 'an answer of HTTP/1.0', writes: [answer('', BODY, 'HTTP/1.0 200 OK'), { close: true }], call: ANSWERED },
  { what: 'a body where there is none', writes: [answer('', '', 'HTTP/1.1 204 No Content')], call: 'unknown' },
  {
    what: 'another protocol that nobody asked for',
    writes: [answer('Upgrade: x\r\n', BODY, 'HTTP/1.1 101 Switching Protocols')],
    call: 'unavailable',
  },
  {
    what: 'a second answer that nobody asked for',
    writes: [`${WHOLE}${answer('Content-Length: 12\r\n', '{"text":"b"}')}`],
    call: ANSWERED,
    late: true,
  },
  {
    what: 'a second failure that nobody asked for',
    writes: [`${WHOLE}${answer('Content-Length: 2\r\n', '{}', 'HTTP/1.1 500 No')}`],
    call: ANSWERED,
    late: true,
  },
];

const tables = { sizes, smuggled, others };

let player: TextPlayer;
beforeAll(async () => {
  player = await textPlayer('connect');
});

function caseOf({ what, procedure: name, writes, call, breaks, late }: Attack): string {
  const within = 30_000;
  const procedure = `weir.v1.Test/${name ?? 'Echo'}`;
  const command = (write: Attack['writes'][number]): object => {
    if (typeof write === 'string' || '$join' in write) return { raw: { text: write } };
    return 'respond' in write ? { respond: { to: 'call', ...write.respond } } : write;
  };
  const isBytes = writes.every((write) => typeof write === 'string' || '$join' in write);
  return JSON.stringify({
    title: `A server writes ${what}`,
    requirements: ['CONNECT-UNARY-24'],
    'under-test': 'client',
    trace: 'free',
    steps: [
      { peer: { manual: [procedure] } },
      { invoke: { as: 'call', procedure, value: {} } },
      { await: { wire: { from: 'client', call: 'call', last: true }, within } },
      ...writes.map((write) => ({ peer: command(write) })),
      // Whoever writes bytes has still to say that this is all of the answer, where the connection goes on.
      ...(isBytes && breaks === undefined && call !== 'unavailable'
        ? [{ peer: { respond: { to: 'call', part: 'finish', framing: 'none' } } }]
        : []),
      { receive: { from: 'call', ...(typeof call === 'string' ? { error: { code: call } } : call), within } },
      { end: { of: 'call', within } },
      ...(late === true ? [{ quiet: { for: 500, no: { from: 'client', kind: 'request' } } }] : []),
      { invoke: { as: 'good', procedure: 'weir.v1.Test/Left', value: {} } },
      { receive: { from: 'good', ok: { text: { $absent: true } }, within } },
      { end: { of: 'good', within } },
    ],
  });
}

async function attacked(attack: Attack, world: World): Promise<void> {
  const { judged, performance } = await player.play(caseOf(attack), { role: 'client', binding: 'json', world });
  expect(judged).toMatchObject({ verdict: 'pass', findings: [] });
  const broken = [...performance.trace].flatMap((event) => (event.type === 'carrier' ? [event.problem.detail] : []));
  expect(broken).toEqual(attack.breaks === undefined ? [] : [attack.breaks]);
  expect(judgeCarrier(performance.trace, 'server').findings).toHaveLength(broken.length);
}

describe.each(Object.entries(tables))('a server that writes, of %s,', (_name, table) => {
  test.each(table)('$what', (attack) => attacked(attack, simulatedWorld()));

  test('each by a socket', async () => {
    const world = realWorld({ timeScale: 1 });
    for (const attack of table) await attacked(attack, world);
  }, 120_000);
});
