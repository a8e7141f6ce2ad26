import { beforeAll, describe, expect, test } from 'vitest';
import { bindingNames } from '../../protocols/common/binding.ts';
import { caseParser } from '../cases/parse.ts';
import { loadServices } from '../cli/load.ts';
import { goldenSource } from '../execute/golden.ts';
import { referenceEnds } from '../execute/reference-ends.ts';
import { plan } from '../plan/plan.ts';
import { referenceFacts } from '../plan/reference-facts.ts';
import { simulatedWorld } from '../worlds/simulated/index.ts';
import { type Alarm, dawdle, dawdlings } from './dawdling.ts';

let alarmsOf: (yaml: string, id: string) => Promise<readonly Alarm[]>;
beforeAll(async () => {
  const { protocol, corpus, entry } = await loadServices('river');
  const makeClient = await entry.makeClient();
  const makeServer = await entry.makeServer(corpus.services);
  const golden = goldenSource(simulatedWorld(), referenceEnds(makeClient, makeServer));
  const end = referenceFacts(protocol);
  alarmsOf = async (yaml, id) => {
    const parsed = caseParser(protocol, corpus)('t.yaml', `river/test-${yaml.length}`, yaml);
    if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('\n'));
    const only = { ...corpus, cases: [parsed.case] };
    const planned = plan(only, { patterns: [], bindings: ['json'] }, { underTest: end, peer: end }, { bindings: bindingNames(protocol) });
    const dawdling = dawdlings(1).find((each) => each.id === id);
    if (dawdling === undefined) throw new Error(`there is no ${id}`);
    return dawdle(dawdling, planned, { protocol, corpus: only, makeClient, makeServer, golden, seed: 1 });
  };
});

const head = 'title: A case of the tests\nrequirements: [RIVER-STREAM-RPC-02]\nunder-test: server\ntrace: free\nsteps:\n';
/** Many answers, and no more than two intervals of silence allowed: a race between work and watchdog. */
const racing = `${head}  - invoke: { as: items, procedure: cancel.countedStream, init: { total: 1500 } }
  - await: { wire: { from: server, stream: items, result: { i: 1499 } }, within: 60000 }
  - invoke: { as: last, procedure: test.add, init: { n: 1 } }
  - receive: { from: last, ok: { result: 1 }, within: 60000 }
expect: [{ connections: 1 }]
`;
const patient = racing
  .replace('trace: free', 'trace: free\nserver: { timers: { heartbeatsUntilDead: 60 } }')
  .replace('steps:\n', 'steps:\n  - connect: { timers: { heartbeatsUntilDead: 60 } }\n');

describe('a case that dawdling ends play', () => {
  test('is named where its verdict hangs on a fast end', async () => {
    expect(await alarmsOf(racing, 'simulated-slow-client-1')).toMatchObject([
      { run: expect.stringContaining('@server+json'), verdict: 'fail' },
    ]);
  });

  test.each(dawdlings(1).map(({ id }) => id))('passes %s where it gives them time', async (id) => {
    expect(await alarmsOf(patient, id)).toEqual([]);
  });
});
