import { afterAll, describe, expect, test } from 'vitest';
import { bindingNames } from '../../../protocols/common/binding.ts';
import type { Role } from '../../../protocols/common/frame.ts';
import { compareBindings, type UnderBinding } from '../../judge/binding-judge.ts';
import { compareTraces } from '../../judge/trace-diff.ts';
import { kindsOf, variantName, variantsOf } from '../../sweep/derive.ts';
import { realWorld } from '../../worlds/real/index.ts';
import { simulatedWorld } from '../../worlds/simulated/index.ts';
import { toyProtocol } from './protocol.ts';
import { playToy, toyCorpus } from './stage.ts';

// The core with a protocol that has all that it offers: nothing here knows a real one.

const real = realWorld({ timeScale: 0.05 });
afterAll(() => real.close());
const WORLDS = { simulated: simulatedWorld(), real };

const SCENARIOS: Readonly<Record<string, string>> = {
  'a client asks, with metadata': `
  - invoke: { as: sum, procedure: add, value: { a: 2, b: 40 }, metadata: { x: y } }
  - handler: { at: server, procedure: add, event: started, value: { a: 2 }, metadata: { x: y } }
  - receive: { from: sum, ok: 42, metadata: { x: y } }
  - end: { of: sum, metadata: { sent: '0' } }
`,
  'a server asks its client, on a connection that it names': `
  - connect: { as: main }
  - connect: { as: second }
  - opened: {}
  - status: { of: second, is: connected }
  - invoke: { as: sum, at: server, to: 1, procedure: add, value: { a: 1, b: 1 } }
  - handler: { at: second, procedure: add, event: started }
  - await: { wire: { from: client, stream: sum, kind: value, message: { v: 2 } } }
  - receive: { from: sum, ok: 2 }
  - end: sum
`,
  'credit lets so many values through, and more when more is taken': `
  - invoke: { as: ticks, procedure: ticks, value: 5, credit: 2 }
  - start: { of: ticks, metadata: { of: '5' } }
  - receive: { from: ticks, ok: 1 }
  - receive: { from: ticks, ok: 2 }
  - quiet: { for: 500, no: { from: server, stream: ticks, kind: value }, calls: [ticks] }
  - credit: { of: ticks, n: 1 }
  - handler: { at: server, procedure: ticks, event: credit, value: 1 }
  - receive: { from: ticks, ok: 3 }
  - credit: { of: ticks, n: 7 }
  - receive: { from: ticks, ok: 4 }
  - receive: { from: ticks, ok: 5 }
  - end: { of: ticks, metadata: { sent: '5' } }
`,
  'a server reads what a client tells under credit': `
  - connect: { as: main }
  - status: { is: connected }
  - invoke: { as: ticks, at: server, procedure: ticks, value: 2, credit: 1 }
  - receive: { from: ticks, ok: 1 }
  - credit: { of: ticks, n: 1 }
  - handler: { at: main, procedure: ticks, event: credit }
  - receive: { from: ticks, ok: 2 }
  - end: ticks
`,
  'values and metadata both ways, and an error with metadata': `
  - invoke: { as: chat, procedure: echo }
  - send: { to: chat, value: one, metadata: { n: '1' } }
  - receive: { from: chat, ok: one, metadata: { n: '1' } }
  - send: { to: chat, value: null }
  - receive: { from: chat, ok: null, metadata: { $absent: true } }
  - finish: { of: chat, metadata: { bye: bye } }
  - handler: { at: server, procedure: echo, event: requests-closed, metadata: { bye: bye } }
  - end: chat
  - invoke: { as: no, procedure: fail }
  - end: { of: no, error: { code: 7, message: as asked, metadata: { why: asked } } }
`,
  'an asker ends its side with an error, and cancels': `
  - invoke: { as: chat, procedure: echo }
  - finish: { of: chat, error: { code: 9, message: no more, metadata: { a: b } } }
  - handler: { at: server, event: requests-failed, value: 9, metadata: { a: b } }
  - invoke: { as: other, kind: chat, value: 1 }
  - cancel: other
  - handler: { at: server, event: cancelled }
`,
  'nobody answers a note': `
  - invoke: { as: word, procedure: note, value: psst }
  - handler: { at: server, procedure: note, event: started, value: psst }
  - quiet: { for: 300, no: { from: server }, calls: [word] }
`,
  'each of two servers answers for itself, calls back, and is gone once it is stopped': `
  - serve: { as: second, options: { any: thing } }
  - connect: { as: near }
  - connect: { as: far, to: second }
  - invoke: { as: a, at: near, procedure: add, value: { a: 1, b: 1 } }
  - handler: { at: server, procedure: add, event: started }
  - receive: { from: a, ok: 2 }
  - end: a
  - invoke: { as: b, at: far, procedure: add, value: { a: 2, b: 2 } }
  - handler: { at: second, procedure: add, event: started }
  - receive: { from: b, ok: 4 }
  - end: b
  - invoke: { as: c, at: second, procedure: add, value: { a: 3, b: 3 } }
  - handler: { at: far, procedure: add, event: started }
  - receive: { from: c, ok: 6 }
  - end: c
  - invoke: { as: d, at: far, procedure: ticks, value: 9, credit: 1 }
  - receive: { from: d, ok: 1 }
  - stop: second
  - end: { of: d, error: { code: lost } }
  - invoke: { as: e, at: near, procedure: add, value: { a: 4, b: 4 } }
  - receive: { from: e, ok: 8 }
  - end: e
`,
  'both ends ask at once, and ids that are equal on two connections are told apart': `
  - connect: { as: main }
  - connect: { as: second }
  - status: { of: second, is: connected }
  - invoke: { as: a, procedure: add, value: { a: 1, b: 2 } }
  - invoke: { as: b, at: second, procedure: add, value: { a: 3, b: 4 } }
  - invoke: { as: c, at: server, to: 0, procedure: add, value: { a: 5, b: 6 } }
  - await: { wire: { from: server, stream: b, kind: value, message: { v: 7 } } }
  - await: { wire: { from: client, stream: c, kind: value, message: { v: 11 } } }
  - receive: { from: a, ok: 3 }
  - receive: { from: b, ok: 7 }
  - receive: { from: c, ok: 11 }
  - end: a
  - end: b
  - end: c
`,
};

describe.each(Object.entries(SCENARIOS))('%s', (_what, steps) => {
  test.each(['client', 'server'] as Role[])('in both worlds and under each binding alike, the %s under test', async (role) => {
    const seen: UnderBinding[] = [];
    for (const binding of bindingNames(toyProtocol)) {
      const runs = [];
      for (const world of Object.values(WORLDS)) {
        const { judged, performance } = await playToy(steps, { role, world, binding });
        expect(judged.findings).toEqual([]);
        expect(judged.verdict).toBe('pass');
        runs.push(performance);
      }
      const [simulated, inReality] = runs;
      if (simulated === undefined || inReality === undefined) throw new Error('there are two worlds');
      expect(compareTraces(inReality.normalised, simulated.normalised, [], () => undefined).divergences).toEqual([]);
      seen.push({ ...simulated, binding });
    }
    const alike = compareBindings(toyProtocol, seen, role, (id) => toyCorpus().requirements.get(id));
    expect([...alike.values()].map(({ checkpoints }) => checkpoints.map(({ id, outcome }) => [id, outcome]))).toEqual([
      [['codec:socket=stream', 'held']],
    ]);
  });
});

test('calls of both ends are told with their instance, kind, metadata and credit', async () => {
  const { performance } = await playToy(`
  - connect: { as: main }
  - status: { is: connected }
  - invoke: { as: a, procedure: add, value: { a: 1, b: 2 }, metadata: { x: y } }
  - invoke: { as: b, at: server, to: 0, procedure: ticks, value: 1, credit: 3 }
  - end: { of: a, whatever: true }
  - end: { of: b, whatever: true }
`);
  expect(performance.calls).toEqual([
    {
      call: 'a',
      role: 'client',
      instance: 'main',
      id: 'weir-main',
      kind: 'ask',
      procedure: 'add',
      value: { a: 1, b: 2 },
      metadata: { x: 'y' },
    },
    { call: 'b', role: 'server', instance: 'main', kind: 'ticks', procedure: 'ticks', value: 1, credit: 3, to: 0 },
  ]);
  expect(performance.normalised.lanes.map(({ name, from }) => `${name} ${from}`).sort()).toEqual([
    'main/a client',
    'main/a server',
    'server/b client',
    'server/b server',
  ]);
  const told = [...performance.trace].flatMap((event) => (event.type === 'application' ? [`${event.role} ${event.event.kind}`] : []));
  expect(told.filter((each) => each.startsWith('server'))).toContain('server invoke');
  expect(told).toContain('server end');
});

test('what each instance was given is told, the one that no step makes too', async () => {
  const instances = async (steps: string) => (await playToy(steps)).performance.facts.instances;
  const asked = '  - invoke: { as: a, procedure: add, value: {} }\n  - end: { of: a, whatever: true }\n';
  expect(await instances(asked)).toEqual([
    { role: 'server', instance: 'main', id: 'SERVER', timers: { patienceMs: 1000 }, options: {} },
    { role: 'client', instance: 'main', id: 'weir-main', timers: { patienceMs: 1000 }, options: {} },
  ]);
  const two = `  - connect: { as: main, client-id: m, timers: { patienceMs: 5 } }
  - connect: { as: other, server-id: elsewhere, options: { odd: true } }
  - connect: { as: main }
`;
  const served = '  - serve: { as: second, timers: { patienceMs: 7 }, options: { odd: 1 } }\n';
  expect(await instances(served + asked)).toMatchObject([
    { role: 'server', instance: 'main' },
    { role: 'server', instance: 'second', id: 'second', timers: { patienceMs: 7 }, options: { odd: 1 } },
    { role: 'client', instance: 'main' },
  ]);
  expect(await instances(two + asked)).toMatchObject([
    { role: 'server' },
    { role: 'client', instance: 'main', id: 'm', timers: { patienceMs: 5 }, options: {} },
    { role: 'client', instance: 'other', addressed: 'elsewhere', timers: { patienceMs: 1000 }, options: { odd: true } },
  ]);
});

describe('a step finds', () => {
  test.each<[string, string, string, string]>([
    [
      'other metadata with a value',
      `{ from: sum, ok: 42, metadata: { x: z } }`,
      'metadata.x',
      'other metadata; metadata.x: expected "z", got "y"',
    ],
    ['metadata where none was wanted', `{ from: sum, ok: 42, metadata: { $absent: true } }`, 'metadata', 'expected to be absent'],
    ['another value', `{ from: sum, ok: 41 }`, 'value', 'expected 41'],
  ])('%s', async (_what, receive, field, message) => {
    const { performance } = await playToy(`
  - invoke: { as: sum, procedure: add, value: { a: 2, b: 40 }, metadata: { x: y } }
  - receive: ${receive}
`);
    expect(performance.played.outcomes.at(-1)).toMatchObject({ ok: false, field, message: expect.stringContaining(message) });
  });

  test.each<[string, string]>([
    ['an end with other metadata', 'end: { of: ticks, metadata: { sent: "9" } }'],
    ['an answer that began otherwise', 'start: { of: ticks, metadata: { of: "9" } }'],
    ['a handler of another end', 'handler: { at: main, procedure: ticks, event: started, within: 100 }'],
    ['a handler that saw other metadata', 'handler: { procedure: ticks, event: started, metadata: { a: b }, within: 100 }'],
  ])('%s', async (_what, step) => {
    const { performance } = await playToy(`  - invoke: { as: ticks, procedure: ticks, value: 0 }\n  - ${step}\n`);
    expect(performance.played.outcomes.at(-1)).toMatchObject({ ok: false });
  });

  test('an answer that never began', async () => {
    const { performance } = await playToy(`
  - invoke: { as: no, procedure: fail }
  - start: { of: no }
`);
    expect(performance.played.outcomes.at(-1)).toMatchObject({ ok: false, field: 'ended' });
  });
});

describe('a sweep', () => {
  const chat = SCENARIOS['values and metadata both ways, and an error with metadata'] ?? '';
  const ticks = SCENARIOS['credit lets so many values through, and more when more is taken'] ?? '';
  const application = (steps: string): string =>
    steps
      .split('\n')
      .filter((line) => !/- (handler|quiet):/.test(line))
      .join('\n');

  test.each([
    ['chat', application(chat)],
    ['ticks', application(ticks)],
  ])('of what outlives no connection demands that every call of %s is told, and no more', async (_what, steps) => {
    const nominal = await playToy(steps);
    const variants = variantsOf(nominal.performance.trace, kindsOf(toyProtocol), toyProtocol);
    expect(new Set(variants.map(({ kind }) => kind))).toEqual(new Set(['cut-before', 'cut-inside', 'cut-after', 'split', 'outage']));
    for (const variant of variants) {
      const { judged, performance } = await playToy(steps, { variant });
      expect([variantName(variant), judged.findings]).toEqual([variantName(variant), []]);
      expect(performance.played.outcomes.every(({ ok }) => ok)).toBe(true);
    }
  });
});

describe('a scripted end', () => {
  test('that sends more than was taken breaks the rule, and is not blamed for it', async () => {
    const { judged, performance } = await playToy(`
  - peer: { manual: [ticks] }
  - invoke: { as: ticks, procedure: ticks, value: 9, credit: 1 }
  - peer: { say: { stream: ticks, message: { t: value, v: 1 } } }
  - peer: { say: { stream: ticks, message: { t: value, v: 2 } } }
  - receive: { from: ticks, ok: 1 }
  - receive: { from: ticks, ok: 2 }
`);
    expect(performance.facts.scripted).toEqual(['server']);
    expect(judged.verdict).toBe('pass');
  });

  test('waits for a call that the other end made, by whatever key its protocol names calls', async () => {
    const { performance } = await playToy(
      `
  - peer: { manual: [add] }
  - status: { is: connected }
  - invoke: { as: sum, at: server, procedure: add, value: {} }
  - peer: { say: { stream: sum, message: { t: value, v: 5 } } }
  - receive: { from: sum, ok: 5 }
`,
      { role: 'server' },
    );
    expect(performance.played.outcomes.every(({ ok }) => ok)).toBe(true);
  });
});
