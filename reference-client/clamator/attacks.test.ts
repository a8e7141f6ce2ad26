import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, test } from 'vitest';
import { TO_HAVE_REDIS } from '../../brokers/redis/process.ts';
import { type TextPlayer, textPlayer } from '../../runner/execute/testing/play-text.ts';
import { realWorld } from '../../runner/worlds/real/index.ts';
import { simulatedWorld } from '../../runner/worlds/simulated/index.ts';
import type { World } from '../../runner/worlds/world.ts';

const isThere = spawnSync('redis-server', ['--version']).status === 0;

/** A reply that means harm, and whether the call that it names goes on waiting for one that is right, or is told at once. */
interface Attack {
  readonly what: string;
  readonly reply: object;
  readonly call: 'waits' | 'PROTOCOL' | { readonly ok: unknown };
}

const many = (text: string, times: number): object => ({ $repeat: { text, times } });
const joined = (...texts: readonly (string | object)[]): object => ({ $join: texts });
const ID = { $id: true };
const success = (more: object): object => ({ envelope: { jsonrpc: '2.0', id: ID, ...more } });
const MIB = 1024 ** 2;

const replies: readonly Attack[] = [
  { what: '10 MiB of no JSON', reply: { text: many('a', 10 * MIB) }, call: 'waits' },
  {
    what: '10 MiB that answer nobody',
    reply: { text: joined('{"jsonrpc":"2.0","id":"y","result":"', many('a', 10 * MIB), '"}') },
    call: 'waits',
  },
  { what: 'an id of 10 MiB', reply: { text: joined('{"jsonrpc":"2.0","result":1,"id":"', many('a', 10 * MIB), '"}') }, call: 'waits' },
  { what: '10,000 levels of lists', reply: { text: joined(many('[', 10_000), many(']', 10_000)) }, call: 'waits' },
  { what: '10,000 levels of maps', reply: { text: joined(many('{"id":', 10_000), '1', many('}', 10_000)) }, call: 'waits' },
  { what: 'a million levels', reply: { text: many('[', 1_000_000) }, call: 'waits' },
  { what: 'NaN as a result', reply: { text: '{"jsonrpc":"2.0","id":"y","result":NaN}' }, call: 'waits' },
  { what: 'bytes that are no UTF-8', reply: { hex: 'ff80c080eda080' }, call: 'waits' },
  { what: '__proto__ as an id', reply: { envelope: { jsonrpc: '2.0', id: '__proto__', result: 1 } }, call: 'waits' },
  { what: 'constructor as an id', reply: { envelope: { jsonrpc: '2.0', id: 'constructor', result: 1 } }, call: 'waits' },
  { what: 'an id in __proto__', reply: { text: '{"jsonrpc":"2.0","__proto__":{"id":"x"},"result":1}' }, call: 'waits' },
  { what: 'an id that is a list', reply: { envelope: { jsonrpc: '2.0', id: [ID], result: 1 } }, call: 'waits' },
  { what: '200 of them that answer nobody', reply: { envelope: { jsonrpc: '2.0', id: 'y', result: 1 }, times: 200 }, call: 'waits' },
  { what: 'fields of our own language', reply: { fields: { constructor: 'x', toString: 'y' } }, call: 'waits' },
  { what: '__proto__ in a result', reply: { text: '{"jsonrpc":"2.0","id":"y","result":{"__proto__":{"polluted":true}}}' }, call: 'waits' },
  { what: 'a result in __proto__', reply: success({ ['__proto__']: null }), call: 'PROTOCOL' },
  { what: 'a code in a list', reply: success({ error: { code: [1], message: 'm', data: null } }), call: 'PROTOCOL' },
  { what: 'a code of nothing', reply: success({ error: { code: null, message: 'm', data: null } }), call: 'PROTOCOL' },
  { what: 'a message that is a map', reply: success({ error: { code: 1, message: {}, data: null } }), call: 'PROTOCOL' },
  { what: 'an error that is a list', reply: success({ error: [] }), call: 'PROTOCOL' },
  { what: 'a result and a method', reply: success({ result: 1, method: 'calc.add' }), call: 'PROTOCOL' },
  {
    what: 'a result of words of our own language',
    reply: success({ result: { toString: 1, constructor: 'x', __proto__x: 'y' } }),
    call: { ok: { toString: 1, constructor: 'x', __proto__x: 'y' } },
  },
];

let player: TextPlayer;
beforeAll(async () => {
  player = await textPlayer('clamator');
});

function caseOf({ what, reply, call }: Attack): string {
  const within = 60_000;
  const received = call === 'waits' ? { ok: { sum: 42 } } : call === 'PROTOCOL' ? { error: { code: call } } : call;
  return JSON.stringify({
    title: `A server replies ${what}`,
    requirements: ['CLAMATOR-REPLY-09'],
    'under-test': 'client',
    trace: 'free',
    steps: [
      { peer: { manual: ['calc.echo'] } },
      { invoke: { as: 'call', procedure: 'calc.echo', value: { value: 1 } } },
      { peer: { reply: { to: 'call', ...reply } } },
      { peer: { reply: { to: 'call', result: { sum: 42 } } } },
      { receive: { from: 'call', ...received, within } },
      { end: { of: 'call', within } },
      { invoke: { as: 'sum', procedure: 'calc.add', value: { a: 2, b: 40 } } },
      { receive: { from: 'sum', ok: { sum: 42 }, within } },
      { end: { of: 'sum', within } },
    ],
  });
}

async function attacked(attack: Attack, world: World, binding: string): Promise<void> {
  const { judged } = await player.play(caseOf(attack), { role: 'client', binding, world });
  expect(judged).toMatchObject({ verdict: 'pass', findings: [] });
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
}

describe('a reply', () => {
  test.each(replies)('$what', (attack) => attacked(attack, simulatedWorld(), 'resp2'));

  test.skipIf(!isThere)(
    `each in a Redis (${TO_HAVE_REDIS})`,
    async () => {
      const world = realWorld({ timeScale: 1 });
      try {
        for (const attack of replies) await attacked(attack, world, 'resp3');
      } finally {
        await world.close();
      }
    },
    300_000,
  );
});
