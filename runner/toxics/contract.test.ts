import { afterAll, describe, expect, test } from 'vitest';
import { startClock } from '../worlds/real/clock.ts';
import { startEmbeddedNetwork } from './embedded.ts';
import type { Address, ToxicNetwork } from './network.ts';
import { startBench } from './testing/ends.ts';
import { type Scenario, scenarios } from './testing/scenarios.ts';
import { HOW_TO_GET, toxiproxyForTests } from './testing/toxiproxy-binary.ts';

const toxiproxy = await toxiproxyForTests();
afterAll(() => toxiproxy?.stop());

const clock = startClock(1);
const embedded = (server: Address) => startEmbeddedNetwork(server, { ...clock, decide: clock.random });

async function play({ run }: Scenario, makeNetwork: (server: Address) => Promise<ToxicNetwork>) {
  const bench = await startBench(makeNetwork);
  try {
    return await run(bench);
  } finally {
    await bench.close();
  }
}

describe('the embedded network does what Toxiproxy does', () => {
  test.each(scenarios.map((scenario) => [scenario.name, scenario] as const))('%s', async (_name, scenario) => {
    expect(await play(scenario, embedded)).toEqual(scenario.expected);
  });
});

const because = toxiproxy === undefined ? ` (skipped: no Toxiproxy here; ${HOW_TO_GET} provides one)` : '';

describe.skipIf(toxiproxy === undefined)(`and so does Toxiproxy${because}`, () => {
  test.each(scenarios.map((scenario) => [scenario.name, scenario] as const))('%s', async (_name, scenario) => {
    if (toxiproxy === undefined) return;
    expect(await play(scenario, toxiproxy.server.network)).toEqual(scenario.expected);
  });
});
