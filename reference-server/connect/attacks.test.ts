import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { LONGEST_CHUNK_LINE } from '../../protocols/carriers/http/chunk-line.ts';
import { MOST_FIELDS } from '../../protocols/carriers/http/head.ts';
import { LONGEST_HEAD } from '../../protocols/carriers/http/reader.ts';
import type { Trace } from '../../protocols/common/trace.ts';
import { MOST_DECOMPRESSED } from '../../protocols/connect/content.ts';
import type { ConnectMessage } from '../../protocols/connect/message.ts';
import { type TextPlayer, textPlayer } from '../../runner/execute/testing/play-text.ts';
import { judgeCarrier } from '../../runner/judge/carrier-judge.ts';
import { realWorld } from '../../runner/worlds/real/index.ts';
import { simulatedWorld } from '../../runner/worlds/simulated/index.ts';
import type { World } from '../../runner/worlds/world.ts';

/** What a client writes that means harm, and what comes of it. Everybody else is served all the same. */
interface Attack {
  readonly what: string;
  /** Commands for whoever plays the client; a text is bytes as they are. */
  readonly writes: readonly (Text | { readonly request: object })[];
  /** The statuses that the server answers with, in order. */
  readonly answers: readonly number[];
  /** The server ends the connection: what follows on it cannot be told apart. */
  readonly ends?: true;
  /** The rule of HTTP that is broken: a client under test would be blamed for it, and the server is for nothing. */
  readonly breaks?: string;
}

/** A text, or how a long one is made. */
type Text = string | { readonly $join: readonly unknown[] };

const ECHO = '/weir.v1.Test/Echo';
const TYPE = 'Content-Type: application/json\r\n';
const many = (text: string, times: number): object => ({ $repeat: { text, times } });

/** A request for Echo with these fields, and what stands behind its head. */
const post = (fields: string, behind = '', first = `POST ${ECHO} HTTP/1.1`): string =>
  `${first}\r\nHost: a\r\n${TYPE}${fields}\r\n${behind}`;
const chunked = (behind: string): string => post('Transfer-Encoding: chunked\r\n', behind);
const WHOLE = post('Content-Length: 2\r\n', '{}');
/** What would be a second request, if somebody took it for one. */
const HIDDEN = `POST /weir.v1.Test/Fail HTTP/1.1\r\nHost: a\r\n${TYPE}Content-Length: 2\r\n\r\n{}`;

/** A head with a field so long that the head has as many bytes. */
const headOf = (bytes: number): Text => {
  const [before, after] = [`POST ${ECHO} HTTP/1.1\r\nHost: a\r\n${TYPE}Content-Length: 2\r\nX-A: `, '\r\n\r\n'];
  return { $join: [before, many('a', bytes - before.length - after.length), after, '{}'] };
};
const fieldsOf = (count: number): Text => ({
  $join: [`POST ${ECHO} HTTP/1.1\r\nHost: a\r\n${TYPE}Content-Length: 2\r\n`, many('x-a: 1\r\n', count - 3), '\r\n{}'],
});
const chunkLineOf = (bytes: number): Text => ({
  $join: [`POST ${ECHO} HTTP/1.1\r\nHost: a\r\n${TYPE}Transfer-Encoding: chunked\r\n\r\n2;`, many('e', bytes - 4), '\r\n{}\r\n0\r\n\r\n'],
});

const bomb = (bytes: number): string => gzipSync(Buffer.alloc(bytes)).toString('hex');

/** At the border of a limit, and one beyond it. */
const sizes: readonly Attack[] = [
  { what: 'a head of a mebibyte', writes: [headOf(LONGEST_HEAD)], answers: [200] },
  { what: 'a head of one byte more', writes: [headOf(LONGEST_HEAD + 1)], answers: [400], ends: true },
  { what: '10,000 fields', writes: [fieldsOf(10_000)], answers: [200] },
  { what: 'the most fields', writes: [fieldsOf(MOST_FIELDS)], answers: [200] },
  { what: 'one field more', writes: [fieldsOf(MOST_FIELDS + 1)], answers: [400], ends: true },
  { what: 'a mebibyte without a line’s end', writes: [{ $join: [many('a', LONGEST_HEAD + 1)] }], answers: [400], ends: true },
  { what: 'the longest line of a chunk', writes: [chunkLineOf(LONGEST_CHUNK_LINE)], answers: [200] },
  { what: 'a line of a chunk of one byte more', writes: [chunkLineOf(LONGEST_CHUNK_LINE + 1)], answers: [400], ends: true },
  {
    what: '5,000 chunks of one byte',
    writes: [{ $join: [chunked(''), many('1\r\n \r\n', 5000), '2\r\n{}\r\n0\r\n\r\n'] }],
    answers: [200],
  },
  { what: '5,000 empty lines before a request', writes: [{ $join: [many('\r\n', 5000), WHOLE] }], answers: [200] },
  { what: '500 requests at once', writes: [{ $join: [many(WHOLE, 500)] }], answers: Array.from({ length: 500 }, () => 200) },
  {
    what: '5,000 envelopes',
    writes: [{ request: { procedure: 'weir.v1.Test/Sum', body: [{ value: { n: 1 }, times: 5000 }] } }],
    answers: [200],
  },
  {
    what: '5,000 empty envelopes',
    writes: [{ request: { procedure: 'weir.v1.Test/Sum', framing: 'chunked', body: [{ text: '{}', times: 5000 }] } }],
    answers: [200],
  },
  {
    what: 'a gzip bomb',
    writes: [
      {
        request: {
          procedure: 'weir.v1.Test/Echo',
          headers: { 'Content-Encoding': 'gzip' },
          body: [{ hex: bomb(MOST_DECOMPRESSED + 1) }],
        },
      },
    ],
    answers: [429],
  },
  {
    what: 'a gzip bomb in an envelope',
    writes: [
      {
        request: {
          procedure: 'weir.v1.Test/Sum',
          headers: { 'Connect-Content-Encoding': 'gzip' },
          body: [{ hex: bomb(MOST_DECOMPRESSED + 1), flags: 1 }],
        },
      },
    ],
    answers: [200],
  },
  {
    what: 'an envelope that says 4 GiB',
    writes: [{ request: { procedure: 'weir.v1.Test/Sum', body: [{ text: '{}', length: 0xff_ff_ff_ff }] } }],
    answers: [200],
  },
];

/** Where two readers may disagree on where a request ends, what stands behind it becomes another one for one of them. */
const smuggled: readonly Attack[] = [
  ['length and chunks', 'Content-Length: 2\r\nTransfer-Encoding: chunked\r\n', `0\r\n\r\n${HIDDEN}`, 'length-and-chunks'],
  ['chunks and length', 'Transfer-Encoding: chunked\r\nContent-Length: 5\r\n', `0\r\n\r\n${HIDDEN}`, 'length-and-chunks'],
  ['two lengths', 'Content-Length: 2\r\nContent-Length: 7\r\n', `{}${HIDDEN}`, 'two-lengths'],
  ['two equal lengths', 'Content-Length: 2\r\nContent-Length: 2\r\n', '{}', 'two-lengths'],
  ['a list of lengths', 'Content-Length: 2, 2\r\n', '{}', 'two-lengths'],
  ['a length with a plus', 'Content-Length: +2\r\n', '{}', 'length'],
  ['a length with a minus', 'Content-Length: -2\r\n', '{}', 'length'],
  ['a length in hexadecimal', 'Content-Length: 0x2\r\n', '{}', 'length'],
  ['a length with a point', 'Content-Length: 2.0\r\n', '{}', 'length'],
  ['a length with a blank in it', 'Content-Length: 1 2\r\n', '{}', 'length'],
  ['a length with an underscore', 'Content-Length: 1_0\r\n', '{}', 'length'],
  ['an empty length', 'Content-Length:\r\n', '{}', 'length'],
  ['a length in other digits', 'Content-Length: \u00b2\r\n', '{}', 'length'],
  ['a length beyond counting', 'Content-Length: 9007199254740992\r\n', '{}', 'length'],
  ['a length that wraps', 'Content-Length: 18446744073709551618\r\n', '{}', 'length'],
  ['a blank before the colon', 'Content-Length : 2\r\n', '{}', 'space-before-colon'],
  ['a tab before the colon', 'Transfer-Encoding\t: chunked\r\n', '0\r\n\r\n', 'space-before-colon'],
  ['a name with a control', 'Content-\u0001Length: 2\r\n', '{}', 'field-name'],
  ['a value with a zero', 'X-A: a\u0000b\r\nContent-Length: 2\r\n', '{}', 'field-value'],
  ['a folded line', 'X-A: 1\r\n Content-Length: 9\r\nContent-Length: 2\r\n', '{}', 'folded-line'],
  ['a folded line of tabs', 'X-A: 1\r\n\tTransfer-Encoding: chunked\r\nContent-Length: 2\r\n', '{}', 'folded-line'],
  ['a bare LF', 'X-A: 1\nContent-Length: 9\r\nContent-Length: 2\r\n', '{}', 'lone-lf'],
  ['a bare CR', 'X-A: 1\rContent-Length: 9\r\nContent-Length: 2\r\n', '{}', 'lone-cr'],
  ['a field without a colon', 'Content-Length 2\r\n', '{}', 'no-colon'],
  ['chunks twice', 'Transfer-Encoding: chunked, chunked\r\n', '0\r\n\r\n', 'chunked-twice'],
  ['chunks in two fields', 'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n', 'chunked-twice'],
  ['chunks that are not last', 'Transfer-Encoding: chunked, identity\r\n', '0\r\n\r\n', 'chunked-not-last'],
  ['no chunks', 'Transfer-Encoding: identity\r\n', HIDDEN, 'not-chunked'],
  ['something like chunks', 'Transfer-Encoding: xchunked\r\n', '0\r\n\r\n', 'not-chunked'],
  ['chunks in quotes', 'Transfer-Encoding: "chunked"\r\n', '0\r\n\r\n', 'not-chunked'],
  ['chunks with a parameter', 'Transfer-Encoding: chunked;q=1\r\n', '0\r\n\r\n', 'not-chunked'],
].map(([what = '', fields = '', behind = '', breaks = '']) => ({
  what,
  writes: [post(fields, behind)],
  answers: [400],
  ends: true,
  breaks,
}));

/** The chunks themselves. The head was read, so that the call is answered as a call. */
const chunks: readonly Attack[] = [
  ...[
    ['a size with a plus', '+2\r\n{}\r\n0\r\n\r\n', 'chunk-size'],
    ['a size with a minus', '-2\r\n{}\r\n0\r\n\r\n', 'chunk-size'],
    ['a size with its base', '0x2\r\n{}\r\n0\r\n\r\n', 'chunk-size'],
    ['a blank before a size', ' 2\r\n{}\r\n0\r\n\r\n', 'chunk-size'],
    ['a blank behind a size', '2 \r\n{}\r\n0\r\n\r\n', 'chunk-size'],
    ['an underscore in a size', '0_2\r\n{}\r\n0\r\n\r\n', 'chunk-size'],
    ['no size', '\r\n{}\r\n0\r\n\r\n', 'chunk-size'],
    ['an extension alone', ';a=b\r\n{}\r\n0\r\n\r\n', 'chunk-size'],
    ['a size that wraps', '10000000000000002\r\n{}\r\n0\r\n\r\n', 'chunk-size'],
    ['a size beyond counting', '20000000000000\r\n{}\r\n0\r\n\r\n', 'chunk-size'],
    ['an extension with a zero', '2;a=\u0000\r\n{}\r\n0\r\n\r\n', 'chunk-size'],
    ['a size that ends in a bare LF', '2\n{}\r\n0\r\n\r\n', 'lone-lf'],
    ['an extension that hides a bare LF', `2;\n{}\r\n0\r\n\r\n`, 'lone-lf'],
    ['a chunk that is longer than it says', '2\r\n{}}\r\n0\r\n\r\n', 'chunk-end'],
    ['a chunk that ends in a bare LF', '2\r\n{}\n0\r\n\r\n', 'lone-lf'],
    ['a trailer that is none', '2\r\n{}\r\n0\r\nnothing\r\n\r\n', 'no-colon'],
    ['a trailer that is folded', '2\r\n{}\r\n0\r\nx-a: 1\r\n 2\r\n\r\n', 'folded-line'],
    ['a request in place of the end', `2\r\n{}\r\n0\r\n${HIDDEN}`, 'no-colon'],
  ].map(([what = '', behind = '', breaks = '']): Attack => ({ what, writes: [chunked(behind)], answers: [400], ends: true, breaks })),
  { what: 'extensions of chunks', writes: [chunked('2;a;b=c;d="e"\r\n{}\r\n0;last\r\n\r\n')], answers: [200] },
  { what: 'a blank before an extension', writes: [chunked('2 ;a\r\n{}\r\n0\r\n\r\n')], answers: [200] },
  { what: 'zeros before a size', writes: [chunked('0000000000000002\r\n{}\r\n000\r\n\r\n')], answers: [200] },
  { what: 'a trailer that says a length', writes: [chunked('2\r\n{}\r\n0\r\nContent-Length: 9\r\n\r\n'), WHOLE], answers: [200, 200] },
];

/** First lines, and whoever waits to be told to go on. */
const others: readonly Attack[] = [
  ...[
    ['two blanks in the first line', `POST  ${ECHO} HTTP/1.1`, 'request-line'],
    ['a blank in the target', 'POST /a b HTTP/1.1', 'request-line'],
    ['no version', `POST ${ECHO}`, 'request-line'],
    ['another protocol', 'SSH-2.0-OpenSSH_9.2', 'request-line'],
    ['a later version', `POST ${ECHO} HTTP/3.0`, 'version'],
    ['the preface of HTTP/2', 'PRI * HTTP/2.0', 'version'],
  ].map(
    ([what = '', first = '', breaks = '']): Attack => ({
      what,
      writes: [post('Content-Length: 2\r\n', '{}', first)],
      answers: [400],
      ends: true,
      breaks,
    }),
  ),
  {
    what: 'chunks in HTTP/1.0',
    writes: [post('Transfer-Encoding: chunked\r\n', '0\r\n\r\n', `POST ${ECHO} HTTP/1.0`)],
    answers: [400],
    ends: true,
    breaks: 'chunks-in-1.0',
  },
  { what: 'no target that anybody has', writes: [post('Content-Length: 2\r\n', '{}', 'POST * HTTP/1.1')], answers: [404] },
  { what: 'a whole address as the target', writes: [post('Content-Length: 2\r\n', '{}', `POST http://a${ECHO} HTTP/1.1`)], answers: [200] },
  { what: 'no way up from the root', writes: [post('Content-Length: 2\r\n', '{}', `POST /x/../..${ECHO}/.. HTTP/1.1`)], answers: [404] },
  {
    what: 'a request behind a refused one',
    writes: [post('Content-Length: 2\r\n', '{}', 'POST /nobody HTTP/1.1'), WHOLE],
    answers: [404, 200],
  },
  { what: 'nothing to go on for, all being there', writes: [post('Expect: 100-continue\r\nContent-Length: 0\r\n')], answers: [400] },
  {
    what: 'a body that does not wait to be told to go on',
    writes: [post('Expect: 100-continue\r\nContent-Length: 2\r\n', '{}'), WHOLE],
    answers: [100, 200, 200],
  },
  { what: 'an expectation in capitals', writes: [post('EXPECT: 100-CONTINUE\r\nContent-Length: 2\r\n', '{}')], answers: [100, 200] },
  {
    what: 'an expectation twice',
    writes: [post('Expect: 100-continue\r\nExpect: 100-continue\r\nContent-Length: 2\r\n', '{}')],
    answers: [100, 200],
  },
  {
    what: 'an expectation among others',
    writes: [post('Expect: a-miracle, 100-continue\r\nContent-Length: 2\r\n', '{}')],
    answers: [100, 200],
  },
  // RFC 9110, 10.1.1: who speaks HTTP/1.0 does not know what that answer is.
  {
    what: 'an expectation in HTTP/1.0',
    writes: [post('Expect: 100-continue\r\nContent-Length: 2\r\n', '{}', `POST ${ECHO} HTTP/1.0`)],
    answers: [200],
  },
  {
    what: 'a stream in HTTP/1.0, which has no chunks to answer with',
    writes: [post('Content-Length: 0\r\n', '', 'POST /weir.v1.Test/Count HTTP/1.0').replace('json', 'connect+json')],
    answers: [505],
  },
  { what: 'an expectation of something else', writes: [post('Expect: a-miracle\r\nContent-Length: 2\r\n', '{}')], answers: [200] },
  {
    what: 'whoever waits to go on, and is refused',
    writes: [post('Expect: 100-continue\r\nContent-Length: 2\r\n', '{}', 'POST /nobody HTTP/1.1'), WHOLE],
    answers: [404, 200],
  },
];

const tables = { sizes, smuggled, chunks, others };

let player: TextPlayer;
beforeAll(async () => {
  player = await textPlayer('connect');
});

/** What the server answered on the connection of the attack, and whether it ended it. */
function seenIn(trace: Trace): { readonly answers: number[]; readonly ended: boolean; readonly broken: string[] } {
  const answers: number[] = [];
  const broken: string[] = [];
  let ended = false;
  for (const event of trace) {
    if (event.type === 'carrier') broken.push(event.problem.detail);
    if (event.type === 'closed' && event.connection === 0 && event.by === 'server') ended = true;
    if (event.type !== 'sent' || event.connection !== 0 || event.from !== 'server' || event.decoded?.ok !== true) continue;
    const message = event.decoded.message as ConnectMessage;
    if (message.type === 'response') answers.push(message.status);
  }
  return { answers, ended, broken };
}

/** The attack, what is waited for, and a call of somebody else's behind it. */
function caseOf({ what, writes, answers, ends }: Attack): string {
  const within = 30_000;
  const peer = writes.map((write) => (typeof write === 'object' && 'request' in write ? write : { raw: { text: write } }));
  const of = { from: 'server', connection: 0 };
  return JSON.stringify({
    title: `A client writes ${what}`,
    requirements: ['CONNECT-UNARY-24'],
    'under-test': 'server',
    trace: 'free',
    steps: [
      ...peer.map((command) => ({ peer: command })),
      ...answers.map((status) => ({ await: { wire: { ...of, kind: 'response', status }, within } })),
      ...(ends === true ? [{ closed: { connection: 0, by: 'server', within } }] : []),
      { invoke: { as: 'good', procedure: 'weir.v1.Test/Echo', value: { text: 'a' } } },
      { receive: { from: 'good', ok: { text: 'a' }, within } },
      { end: { of: 'good', within } },
    ],
  });
}

async function attacked(attack: Attack, world: World): Promise<void> {
  const { judged, performance } = await player.play(caseOf(attack), { role: 'server', binding: 'json', world });
  expect(judged).toMatchObject({ verdict: 'pass', findings: [] });
  const { answers, ended, broken } = seenIn(performance.trace);
  expect({ answers, ended }).toEqual({ answers: attack.answers, ended: attack.ends ?? false });
  expect(broken).toEqual(attack.breaks === undefined ? [] : [attack.breaks]);
  expect(judgeCarrier(performance.trace, 'client').findings).toHaveLength(broken.length);
}

describe.each(Object.entries(tables))('a client that writes, of %s,', (_name, table) => {
  test.each(table)('$what', (attack) => attacked(attack, simulatedWorld()));

  test('each by a socket', async () => {
    const world = realWorld({ timeScale: 1 });
    for (const attack of table) await attacked(attack, world);
  }, 120_000);
});
