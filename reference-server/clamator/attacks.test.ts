import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TO_HAVE_REDIS } from '../../brokers/redis/process.ts';
import type { ClamatorMessage } from '../../protocols/clamator/message.ts';
import type { Trace } from '../../protocols/common/trace.ts';
import { isPlainObject } from '../../protocols/common/value.ts';
import { type TextPlayer, textPlayer } from '../../runner/execute/testing/play-text.ts';
import { realWorld } from '../../runner/worlds/real/index.ts';
import { simulatedWorld } from '../../runner/worlds/simulated/index.ts';
import type { World } from '../../runner/worlds/world.ts';

const isThere = spawnSync('redis-server', ['--version']).status === 0;

/** A word of an entry: a text, bytes, or how a long one is made. */
type Word = string | object;

/** An entry that means harm, and what is replied. It ends acknowledged, and the next call is answered. */
interface Attack {
  readonly what: string;
  /** Names and values behind the type. */
  readonly entry: readonly Word[];
  /** What stands in the stream of replies afterwards: a result, or the code of an error. */
  readonly replies: readonly (number | 'result')[];
}

const many = (text: string, times: number): object => ({ $repeat: { text, times } });
const bytes = (hex: string): object => ({ $bytes: Buffer.from(hex, 'hex').toString('base64') });
const joined = (...texts: readonly Word[]): object => ({ $join: texts });
const request = (method: string, params: string, more = '"id":"x"'): string =>
  `{"jsonrpc":"2.0","method":${JSON.stringify(method)},"params":${params},${more}}`;
const echo = (value: string): string => request('calc.echo', `{"value":${value}}`);
const ADD = request('calc.add', '{"a":1,"b":2}');
const TO = ['reply-to', { $space: ':replies:x' }] as const;
const envelope = (text: Word): readonly Word[] => ['envelope', text, ...TO];
const echoed = (...inner: readonly Word[]): readonly Word[] =>
  envelope(joined('{"jsonrpc":"2.0","method":"calc.echo","params":{"value":', ...inner, '},"id":"x"}'));
const MIB = 1024 ** 2;

const sizes: readonly Attack[] = [
  { what: '10 MiB of text', entry: echoed('"', many('a', 10 * MIB), '"'), replies: ['result'] },
  { what: '10 MiB of no JSON', entry: envelope(many('a', 10 * MIB)), replies: [] },
  { what: '10 MiB of blanks', entry: echoed(many(' ', 10 * MIB), '1'), replies: ['result'] },
  { what: '10 MiB in a field that nobody reads', entry: ['note', many('a', 10 * MIB), ...envelope(ADD)], replies: ['result'] },
  { what: 'a name of a field of 10 MiB', entry: [many('a', 10 * MIB), 'x', ...envelope(ADD)], replies: ['result'] },
  {
    what: 'an id of a mebibyte',
    entry: envelope(joined('{"jsonrpc":"2.0","method":"calc.add","params":{"a":1,"b":2},"id":"', many('x', MIB), '"}')),
    replies: ['result'],
  },
  {
    what: 'a method of a mebibyte',
    entry: envelope(joined('{"jsonrpc":"2.0","method":"calc.', many('a', MIB), '","params":{},"id":"x"}')),
    replies: [-32601],
  },
  { what: 'a member of a mebibyte', entry: echoed('{"', many('a', MIB), '":1}'), replies: ['result'] },
  { what: 'a thousand levels', entry: echoed(many('[', 500), '1', many(']', 500)), replies: ['result'] },
  { what: '10,000 levels of lists', entry: echoed(many('[', 10_000), '1', many(']', 10_000)), replies: [] },
  { what: '10,000 levels of maps', entry: echoed(many('{"a":', 10_000), '1', many('}', 10_000)), replies: [] },
  { what: '10,000 levels that nobody closes', entry: echoed(many('[', 10_000)), replies: [] },
  { what: 'a million levels', entry: echoed(many('[', 1_000_000), many(']', 1_000_000)), replies: [] },
  { what: 'a list of 100,000', entry: echoed('[', many('1,', 99_999), '1]'), replies: ['result'] },
  { what: 'a number of 100,000 digits', entry: echoed(many('9', 100_000)), replies: [-32603] },
  {
    what: '1,000 fields',
    entry: [...Array.from({ length: 1000 }, (_, i) => [`f${i}`, 'v']).flat(), ...envelope(ADD)],
    replies: ['result'],
  },
];

const words: readonly Attack[] = [
  { what: '__proto__ in a value', entry: envelope(echo('{"__proto__":{"polluted":true}}')), replies: ['result'] },
  {
    what: '__proto__ as params',
    entry: envelope('{"jsonrpc":"2.0","method":"calc.add","params":{"__proto__":{"a":1,"b":2}},"id":"x"}'),
    replies: [-32602],
  },
  {
    what: '__proto__ beside params',
    entry: envelope(request('calc.add', '{"a":1,"b":2}', '"id":"x","__proto__":{"id":"y"}')),
    replies: ['result'],
  },
  {
    what: '__proto__ with the id',
    entry: envelope('{"jsonrpc":"2.0","method":"calc.add","params":{"a":1,"b":2},"__proto__":{"id":"x"}}'),
    replies: [],
  },
  { what: 'constructor in a value', entry: envelope(echo('{"constructor":{"prototype":{"polluted":true}}}')), replies: ['result'] },
  { what: 'toString in a value', entry: envelope(echo('{"toString":1,"valueOf":null,"toJSON":"x"}')), replies: ['result'] },
  { what: '__proto__ as an id', entry: envelope(request('calc.add', '{"a":1,"b":2}', '"id":"__proto__"')), replies: ['result'] },
  { what: 'constructor as an id', entry: envelope(request('calc.add', '{"a":1,"b":2}', '"id":"constructor"')), replies: ['result'] },
  { what: '__proto__ as a method', entry: envelope(request('calc.__proto__', '{}')), replies: [-32600] },
  { what: 'constructor as a method', entry: envelope(request('calc.constructor', '{}')), replies: [-32601] },
  { what: 'hasOwnProperty as a method', entry: envelope(request('calc.hasOwnProperty', '{}')), replies: [-32601] },
  { what: 'constructor as a service', entry: envelope(request('constructor.name', '{}')), replies: [-32601] },
  { what: '__proto__ as a field', entry: ['__proto__', 'x', 'constructor', 'y', ...envelope(ADD)], replies: ['result'] },
  { what: 'a date that is a tag of our own', entry: envelope(echo('{"$bytes":"AA=="}')), replies: ['result'] },
  { what: 'a tag that is none of our own', entry: envelope(echo('{"$bigint":"x","$undefined":true}')), replies: ['result'] },
];

const numbers: readonly Attack[] = [
  ...['NaN', 'Infinity', '-Infinity', '0x10', '1_000', '01', '+1', '.5', '1.', '1e', "'a'", 'undefined', 'True', '1/*x*/'].map(
    (value): Attack => ({ what: `${value}, which is no JSON`, entry: envelope(echo(value)), replies: [] }),
  ),
  ...['-0', '1e-400', '9007199254740993', '1E5', '"\\ud800"', '"\\u0000"'].map(
    (value): Attack => ({ what: `${value}, which is JSON`, entry: envelope(echo(value)), replies: ['result'] }),
  ),
  // Read as a number that has no form in JSON any more.
  { what: '1e400', entry: envelope(echo('1e400')), replies: [-32603] },
  { what: '1e400 where a number is wanted', entry: envelope(request('calc.add', '{"a":1e400,"b":1}')), replies: [-32603] },
];

const utf8: readonly Attack[] = [
  ...(
    [
      ['a byte that begins nothing', '80'],
      ['a byte that is never there', 'ff'],
      ['more bytes than it need be', 'c080'],
      ['half of a pair', 'eda080'],
      ['beyond Unicode', 'f4908080'],
      ['cut off', 'e282'],
      ['UTF-16', 'fffe7b00'],
    ] as const
  ).flatMap(([what, hex]): Attack[] => [
    {
      what: `an envelope with ${what}`,
      entry: ['envelope', bytes(Buffer.from(echo('"@"'), 'latin1').toString('hex').replace('40', hex)), ...TO],
      replies: [],
    },
    { what: `a field with ${what}`, entry: [bytes(hex), bytes(hex), ...envelope(ADD)], replies: ['result'] },
  ]),
  { what: 'a zero in the name of a field', entry: ['envelope\u0000', 'x', ...envelope(ADD)], replies: ['result'] },
  { what: 'a name without a text', entry: ['', '', ...envelope(ADD)], replies: ['result'] },
];

const fields: readonly Attack[] = [
  {
    what: 'its envelope twice',
    entry: ['envelope', ADD, ...envelope(request('calc.add', '{"a":1,"b":2}', '"id":"y"'))],
    replies: ['result'],
  },
  { what: 'an envelope in capitals', entry: ['ENVELOPE', ADD, ...TO], replies: [] },
  { what: 'no envelope', entry: ['note', 'x', ...TO], replies: [] },
  { what: 'an envelope in RESP', entry: envelope('*1\r\n$4\r\nPING\r\n'), replies: [] },
  { what: 'line ends around it', entry: envelope(`\r\n${ADD}\r\n`), replies: ['result'] },
];

const tables = { sizes, words, numbers, utf8, fields };

let player: TextPlayer;
beforeAll(async () => {
  player = await textPlayer('clamator');
});

function caseOf({ what, entry }: Attack): string {
  const within = 60_000;
  return JSON.stringify({
    title: `A client adds ${what}`,
    requirements: ['CLAMATOR-ERR-09'],
    'under-test': 'server',
    trace: 'free',
    steps: [
      { broker: { ask: ['XADD', { $space: ':cmds:calc' }, '*', 'type', 'rpc', ...entry] } },
      { invoke: { as: 'sum', procedure: 'calc.add', value: { a: 2, b: 40 } } },
      { receive: { from: 'sum', ok: { sum: 42 }, within } },
      { end: { of: 'sum', within } },
      { broker: { ask: ['XPENDING', { $space: ':cmds:calc' }, 'calc'], is: [0, null, null, null], within } },
    ],
  });
}

/** What the server added to the stream of replies of the attack. */
function repliesIn(trace: Trace): (number | 'result')[] {
  const said: (number | 'result')[] = [];
  for (const event of trace) {
    if (event.type !== 'sent' || event.from !== 'server' || event.decoded?.ok !== true) continue;
    const message = event.decoded.message as ClamatorMessage;
    if (message.type !== 'command' || message.name !== 'XADD' || message.key?.endsWith(':replies:x') !== true) continue;
    const value = message.entry?.envelope?.value;
    const error = isPlainObject(value) ? value['error'] : undefined;
    said.push(isPlainObject(error) ? Number(error['code']) : 'result');
  }
  return said;
}

async function attacked(attack: Attack, world: World, binding: string): Promise<void> {
  const { judged, performance } = await player.play(caseOf(attack), { role: 'server', binding, world });
  expect(judged).toMatchObject({ verdict: 'pass', findings: [] });
  expect(repliesIn(performance.trace)).toEqual(attack.replies);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
}

describe.each(Object.entries(tables))('an entry of the %s', (_name, table) => {
  test.each(table)('$what', (attack) => attacked(attack, simulatedWorld(), 'resp2'));
});

describe.skipIf(!isThere)(`in a Redis (${TO_HAVE_REDIS})`, () => {
  const world = realWorld({ timeScale: 1 });
  afterAll(() => world.close());
  test.each(Object.entries(tables))(
    'each of the %s',
    async (_name, table) => {
      for (const attack of table) await attacked(attack, world, 'resp3');
    },
    300_000,
  );
});
