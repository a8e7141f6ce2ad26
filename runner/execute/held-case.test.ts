import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadCorpus } from '../cases/load.ts';
import { caseParser } from '../cases/parse.ts';
import { packageRoot } from '../package-root.ts';
import { protocolEntry } from '../registry.ts';
import { heldCase } from './held-case.ts';

const protocol = await protocolEntry('river').protocol();
const corpus = loadCorpus({ folder: join(packageRoot(), 'cases', 'river'), language: protocol, only: () => false });
const parsed = caseParser(protocol, corpus)(
  'test.yaml',
  'river/test',
  `title: A case with times
requirements: [RIVER-STREAM-RPC-01]
under-test: client
server: { timers: { sessionDisconnectGraceMs: 10 } }
steps:
  - connect: { as: main, timers: { baseIntervalMs: 3 } }
  - invoke: { as: sum, procedure: test.add, init: { n: 1 } }
  - receive: { from: sum, ok: { result: 1 }, within: 20 }
  - quiet: { for: 5000, no-connection: true }
  - end: sum
`,
);
if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('\n'));
const loaded = parsed.case;

test('a held case waits for ever, is quiet for no time, and ends before its step', () => {
  const held = heldCase(loaded, protocol, 4, false);
  expect(held.steps.map(({ index, action }) => [index, action.kind])).toEqual([
    [0, 'connect'],
    [1, 'invoke'],
    [2, 'receive'],
    [3, 'quiet'],
  ]);
  expect(held.steps[2]?.action).toMatchObject({ within: 2 ** 31 - 1 });
  expect(held.steps[3]?.action).toMatchObject({ for: 0, noConnection: false });
  expect(held).toMatchObject({ trace: 'free', expect: [] });
});

test('no peer gives up, unless the watchdogs are left on; other timers stay', () => {
  const held = heldCase(loaded, protocol, 5, false);
  expect(held.server.timers['sessionDisconnectGraceMs']).toBeGreaterThan(1_000_000);
  expect(held.server.timers['handshakeTimeoutMs']).toBeGreaterThan(1_000_000);
  expect(held.server.timers['heartbeatIntervalMs']).toBeUndefined();
  expect(held.steps[0]?.action).toMatchObject({ timers: { baseIntervalMs: 3, heartbeatsUntilDead: expect.any(Number) } });
  const watched = heldCase(loaded, protocol, 5, true);
  expect(watched.server).toEqual(loaded.server);
  expect(watched.steps[0]?.action).toEqual(loaded.steps[0]?.action);
});
