import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bindingNames } from '../../protocols/common/binding.ts';
import { loadCorpus } from '../cases/load.ts';
import { conduct } from '../conduct.ts';
import type { Completed } from '../execute/case-run.ts';
import { createSecrets } from '../masking/secrets.ts';
import { packageRoot } from '../package-root.ts';
import { type EndFacts, plan } from '../plan/plan.ts';
import { protocolEntry } from '../registry.ts';
import type { CaseRun } from '../results/result.ts';
import { realWorld } from './real/index.ts';
import { simulatedWorld } from './simulated/index.ts';
import type { World } from './world.ts';

/** Every how many-th case of the corpus is run in both worlds. */
const SAMPLE = 4;

interface Seen {
  readonly verdict: CaseRun['verdict'];
  readonly lanes: unknown;
}

async function observe(world: World): Promise<Map<string, Seen>> {
  const entry = protocolEntry('river');
  const protocol = await entry.protocol();
  const corpus = loadCorpus({ folder: join(packageRoot(), 'cases', 'river'), language: protocol });
  const reference: EndFacts = {
    name: 'reference',
    version: '0',
    reference: true,
    roles: ['client', 'server'],
    bindings: bindingNames(protocol),
    features: [],
  };
  const sample = { ...corpus, cases: corpus.cases.filter((loaded, i) => i % SAMPLE === 0 && loaded.trace === 'equivalent') };
  const seen = new Map<string, Seen>();
  await conduct({
    protocol,
    corpus: sample,
    makeClient: await entry.makeClient(),
    makeServer: await entry.makeServer(corpus.services),
    world,
    simulated: simulatedWorld(),
    planned: plan(
      sample,
      { patterns: [], bindings: ['json'] },
      { underTest: reference, peer: reference },
      { bindings: bindingNames(protocol) },
    ),
    implementation: undefined,
    knownFailures: [],
    label: undefined,
    seed: 11,
    strict: false,
    concurrency: 8,
    confirm: 'never',
    secrets: createSecrets(),
    version: 'test',
    output: undefined,
    traces: 'none',
    reproduce: ({ id }) => id,
    now: () => performance.now(),
    startedAt: '',
    stopped: () => false,
    onCaseRun: (run, completed) => seen.set(run.id, { verdict: run.verdict, lanes: lanesUnderTest(completed) }),
  });
  return seen;

  function lanesUnderTest(completed: Completed | undefined): unknown {
    const performed = completed?.performance;
    if (completed === undefined || performed === undefined) return undefined;
    const { lanes } = protocol.normalise(performed.trace, performed.calls, performed.facts);
    const own = lanes.filter(({ from }) => from === completed.assignment.role);
    return own
      .map(({ name, items }) => ({ name, items: items.map(({ kind, value }) => ({ kind, value })) }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}

test('a sample of the corpus gives equal normalised traces and verdicts in both worlds', { timeout: 120_000 }, async () => {
  const real = await observe(realWorld({ timeScale: 0.2 }));
  const simulated = await observe(simulatedWorld());
  expect([...real.keys()].sort()).toEqual([...simulated.keys()].sort());
  expect(real.size).toBeGreaterThan(20);
  for (const [id, seen] of simulated) expect({ id, ...real.get(id) }).toEqual({ id, ...seen });
});
