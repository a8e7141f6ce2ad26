import { expect, test } from 'vitest';
import { caseParser } from '../../cases/parse.ts';
import { createSecrets } from '../../masking/secrets.ts';
import { tellStory } from '../../results/story.ts';
import { realWorld } from '../../worlds/real/index.ts';
import { simulatedWorld } from '../../worlds/simulated/index.ts';
import type { World } from '../../worlds/world.ts';
import { brokeredToy, makeBrokeredClient, makeBrokeredServer, traces } from './brokered.ts';
import { playToy, toyCorpus } from './stage.ts';

// A broker between the ends, which both dial: who a connection is of, faults on either side, servers by steps, what it is asked.

const worlds: readonly (readonly [string, () => World])[] = [
  ['simulated', simulatedWorld],
  ['real', () => realWorld({ timeScale: 0.1 })],
];

async function play(text: string, make: () => World, role: 'client' | 'server' = 'client') {
  const world = make();
  try {
    const setting = { protocol: brokeredToy, makeClient: makeBrokeredClient, makeServer: makeBrokeredServer, binding: 'stream' };
    return await playToy(text, { ...setting, world, role });
  } finally {
    await world.close();
  }
}

const CALL = `
  - invoke: { as: sum, procedure: add, value: { a: 2, b: 40 } }
  - receive: { from: sum, ok: { sum: 42 } }
  - end: sum
`;

test.each(worlds)('%s: both ends dial, and the trace names three', async (_name, make) => {
  const { judged, performance } = await play(CALL, make);
  expect(judged.findings).toEqual([]);
  expect(judged.verdict).toBe('pass');
  const opened = [...performance.trace].flatMap((event) => (event.type === 'opened' ? [event.dialler] : []));
  expect(opened).toEqual([
    { role: 'server', instance: 'main' },
    { role: 'client', instance: 'main' },
  ]);
  const ways = [...performance.trace].flatMap((event) =>
    event.type === 'sent' && event.decoded?.ok ? [`${event.from} ${event.connection}`] : [],
  );
  // A server comes and is heard; a call goes to the broker and on to it, value and done back to the broker and on to the client.
  expect(ways.toSorted()).toEqual(['broker 0', 'broker 0', 'broker 1', 'broker 1', 'client 1', 'server 0', 'server 0', 'server 0']);
  const delivered = [...performance.trace].flatMap((event) => (event.type === 'delivered' ? [`${event.from} to ${event.to}`] : []));
  expect(new Set(delivered)).toEqual(new Set(['server to broker', 'client to broker', 'broker to server', 'broker to client']));
});

test.each(worlds)('%s: servers by steps share the calls; none need be there at first', async (_name, make) => {
  const { judged, performance } = await play(
    `title: Calls are shared among the servers that are there
requirements: [TOY-ASK]
under-test: client
trace: free
server: { absent: true }
steps:
  - invoke: { as: early, procedure: add, value: { a: 1, b: 1 } }
  - quiet: { for: 50, no-handler: add }
  - serve: { as: one }
  - receive: { from: early, ok: { sum: 2, by: one } }
  - end: early
  - serve: { as: two }
  - broker: { ask: [passed], is: 1 }
  - invoke: { as: a, procedure: add, value: { a: 1, b: 2 } }
  - invoke: { as: b, procedure: add, value: { a: 2, b: 2 } }
  - receive: { from: a, ok: { sum: 3 } }
  - receive: { from: b, ok: { sum: 4 } }
  - end: a
  - end: b
  - handler: { at: two, procedure: add, event: started }
  - broker: { ask: [passed], is: 3 }
  - broker: { ask: [nonsense], is: { error: 'no such thing: nonsense' } }
`,
    make,
  );
  expect(performance.played.outcomes.filter(({ ok }) => !ok)).toEqual([]);
  expect(judged.findings).toEqual([]);
  expect(judged.verdict).toBe('pass');
});

test.each(worlds)('%s: a fault strikes one side and leaves the other alone', async (_name, make) => {
  const cutOf = (of: string) => `
  - fault: { cut: { of: ${of} } }
  - closed: { by: proxy }
  - invoke: { as: sum, procedure: add, value: { a: 2, b: 40 } }
`;
  // The server's connection is cut: the client's call waits at the broker.
  const server = await play(
    `title: A call waits where the server was cut off
requirements: [TOY-ASK]
under-test: client
trace: free
steps:
  - connect: {}
  - opened: {}
  - opened: {}${cutOf('server')}
  - quiet: { for: 100, calls: [sum], no-handler: add }
  - broker: { ask: [passed], is: 0 }
`,
    make,
  );
  expect(server.performance.played.outcomes.filter(({ ok }) => !ok)).toEqual([]);
  const closed = [...server.performance.trace].filter((event) => event.type === 'closed');
  expect(closed.map(({ connection }) => connection)).toEqual([0]);
  // What the broker answers is stopped on its way to the client alone.
  const client = await play(
    `title: An answer that the broker gives is struck on its way
requirements: [TOY-ASK]
under-test: client
trace: free
steps:
  - fault: { drop: { frame: { from: broker, kind: value } } }
  - invoke: { as: sum, procedure: add, value: { a: 2, b: 40 } }
  - end: sum
  - broker: { ask: [passed], is: 1 }
`,
    make,
  );
  expect(client.performance.played.outcomes.filter(({ ok }) => !ok)).toEqual([]);
  const dropped = [...client.performance.trace].flatMap((event) => (event.type === 'fault' ? [event.what] : []));
  expect(dropped.at(-1)).toMatch(/^drop: broker frame 1 of connection \d$/);
});

test('what a run leaves on a real broker is taken away, and the broker ends with the world', async () => {
  traces.cleared.length = 0;
  await play(CALL, () => realWorld({ timeScale: 0.1 }));
  expect(traces.cleared).toHaveLength(1);
  expect(traces.cleared[0]).toMatch(/^weir-\d+-[0-9a-f]{12}$/);
  expect(traces.running).toBe(0);
});

test('without a broker nothing of it can be asked for', async () => {
  const refused = (steps: string, head = '') =>
    playToy(`title: What toys do without a broker\nrequirements: [TOY-ASK]\nunder-test: client\n${head}steps:\n${steps}`).then(
      () => 'played',
      (error: unknown) => String(error),
    );
  expect(await refused('  - broker: { ask: [x] }\n  - quiet: { for: 1, calls: [] , no-close: true }\n')).toContain(
    'no broker stands between',
  );
  expect(await refused('  - quiet: { for: 1, no-close: true }\n', 'server: { absent: true }\n')).toContain('it has to be there');
});

test.each(worlds)('%s: a server that must not start has to say so', async (_name, make) => {
  const serving = (fault: string): string => `title: A server that must not start
requirements: [TOY-ASK]
under-test: client
trace: free
steps:${fault}
  - serve: { as: worker, fails: true }
  - fault: restore${CALL}`;
  const refused = await play(serving('\n  - fault: { refuse: { of: worker } }'), make);
  expect(refused.judged.findings).toEqual([]);
  const started = await play(serving(''), make);
  expect(started.judged.findings.map(({ message }) => message)).toContain('the server worker has started, which had to fail');
});

test('a story says between whom each frame goes', async () => {
  const { performance } = await play(CALL, simulatedWorld);
  const side = { trace: performance.trace, normalised: performance.normalised };
  const sent = [...performance.trace].filter((event) => event.type === 'sent');
  const text = `title: What toys do with a broker\nrequirements: [TOY-ASK]\nunder-test: client\nsteps:${CALL}`;
  const parsed = caseParser(brokeredToy, toyCorpus())('toy.yaml', 'toy/test', text);
  if (!parsed.ok) throw new Error('the case is right');
  const story = tellStory(
    {
      ...{ protocol: brokeredToy, case: parsed.case, requirements: toyCorpus().requirements, observed: side, golden: undefined },
      ...{ kindOf: () => undefined, masker: createSecrets({ keys: [], show: true }).masker, timeScale: 1 },
    },
    {
      ...{ judge: 'invariant', checkpoint: 'invariant:none', level: 'MUST', message: 'made up', fingerprint: 'invariant/none' },
      events: sent.map(({ n }) => n).toReversed(),
    },
  );
  const ways = story.rows.map(({ observed }) => `${observed?.from} to ${observed?.to}`);
  expect(new Set(ways)).toEqual(new Set(['server to broker', 'client to broker', 'broker to server', 'broker to client']));
});

test.each(worlds)('%s: toxics act on the link of one end and leave the other alone', async (_name, make) => {
  const { performance } = await play(
    `title: Calls wait where the network of the server swallows everything
requirements: [TOY-ASK]
under-test: client
trace: free
steps:
  - connect: {}
  - opened: {}
  - opened: {}
  - toxic: { add: { type: timeout, of: server } }
  - invoke: { as: lost, procedure: add, value: { a: 2, b: 40 } }
  - broker: { ask: [passed], is: 1 }
  - quiet: { for: 100, calls: [lost], no-handler: add }
  - serve: { as: two }
  - invoke: { as: lost-too, procedure: add, value: { a: 2, b: 40 } }
  - invoke: { as: sum, procedure: add, value: { a: 2, b: 40 } }
  - receive: { from: sum, ok: { sum: 42, by: two } }
  - end: sum
  - toxic: { down: { of: main } }
  - closed: { by: broker }
  - receive: { from: lost, error: { code: lost } }
  - end: lost
`,
    make,
  );
  expect(performance.played.outcomes.filter(({ ok }) => !ok)).toEqual([]);
  const closed = [...performance.trace].filter((event) => event.type === 'closed');
  expect(closed.map(({ connection }) => connection)).toEqual([1]);
});
