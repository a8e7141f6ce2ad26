import { expect, test } from 'vitest';
import { caseParser } from '../cases/parse.ts';
import { protocolEntry } from '../registry.ts';
import { simulatedWorld } from '../worlds/simulated/index.ts';
import { goldenSource } from './golden.ts';
import { mostFrames } from './most-frames.ts';
import { referenceEnds } from './reference-ends.ts';
import { textPlayer } from './testing/play-text.ts';

const text = `title: A case of the tests
requirements: [RIVER-STREAM-RPC-02, RIVER-STREAM-RPC-01]
under-test: [client, server]
steps:
  - invoke: { as: sum, procedure: test.add, init: { n: 4 } }
  - receive: { from: sum, ok: { result: 4 } }
  - end: sum
`;

async function source(keptBytes?: number, of = text) {
  const { corpus } = await textPlayer();
  const entry = protocolEntry('river');
  const protocol = await entry.protocol();
  const ends = referenceEnds(await entry.makeClient(), await entry.makeServer(corpus.services));
  const parsed = caseParser(protocol, corpus)('test.yaml', 'river/test', of);
  if (!parsed.ok) throw new Error('the case of this test is broken');
  const golden = goldenSource(simulatedWorld(), ends, keptBytes);
  const casting = { protocol, case: parsed.case, role: 'client', seed: 1, procedureKinds: corpus.procedureKinds } as const;
  return (binding: string) => golden.of({ ...casting, binding, timeoutMs: undefined });
}

test('equal castings share one golden trace', async () => {
  const golden = await source();
  const first = await golden('json');
  await golden('msgpack');
  expect(first.ok).toBe(true);
  expect(await golden('json')).toBe(first);
});

test('a case that has an end send thousands of heartbeats lets the other answer each: they are no messages to a judge, and no flood', async () => {
  const golden = await source(
    undefined,
    text
      .replace('[client, server]', 'client')
      .replace(
        '  - end: sum',
        '  - end: sum\n  - peer: { heartbeat: { times: 20000 } }\n  - await: { wire: { from: client, kind: heartbeat, seq: { $range: [20000, 20100] } }, within: 60000 }',
      ),
  );
  const made = await golden('json');
  if (!made.ok) throw new Error(made.reason);
  // What was lost may be said again, all of it.
  expect(mostFrames(made)).toBeGreaterThan(2 * 20_000);
});

test('a case whose steps hang on the role has a golden trace for each, though both have one id', async () => {
  const { corpus } = await textPlayer();
  const entry = protocolEntry('river');
  const protocol = await entry.protocol();
  const ends = referenceEnds(await entry.makeClient(), await entry.makeServer(corpus.services));
  const parse = caseParser(protocol, corpus);
  const golden = goldenSource(simulatedWorld(), ends);
  const of = async (role: 'client' | 'server', n: string) => {
    const parsed = parse(
      'test.yaml',
      'river/test',
      text.replace('[client, server]', role).replace('n: 4', n).replace('result: 4', 'result: any'),
    );
    if (!parsed.ok) throw new Error('the case of this test is broken');
    const casting = { protocol, case: parsed.case, role, seed: 1, procedureKinds: corpus.procedureKinds, binding: 'json' } as const;
    return golden.of({ ...casting, timeoutMs: undefined });
  };
  const [ofClient, ofServer] = [await of('client', 'n: 1'), await of('server', 'n: 2')];
  expect([ofClient.ok, ofServer.ok]).toEqual([true, true]);
  expect(ofServer).not.toBe(ofClient);
});

test('golden traces beyond the bound are let go, the newest is kept', async () => {
  const golden = await source(1);
  const first = await golden('json');
  expect(await golden('json')).toBe(first);
  const second = await golden('msgpack');
  expect(await golden('msgpack')).toBe(second);
  expect(await golden('json')).not.toBe(first);
});

test('a golden trace that is too long by itself is kept in its normal form alone', async () => {
  const [usual, long] = [await (await source())('json'), await (await source(1))('json')];
  if (!usual.ok || !long.ok) throw new Error('the reference pair does not get through the case');
  expect(usual.trace).toBeDefined();
  expect(long.trace).toBeUndefined();
  expect(long.normalised).toEqual(usual.normalised);
});
