import { describe, expect, test } from 'vitest';
import { bindingNames } from '../../protocols/common/binding.ts';
import type { Protocol } from '../../protocols/common/protocol.ts';
import { heapInUse } from '../../protocols/common/testing/heap.ts';
import type { TraceEvent } from '../../protocols/common/trace.ts';
import { loadProtocol } from '../cli/load.ts';
import { runCorpus } from '../execute/corpus-run.ts';
import { goldenSource } from '../execute/golden.ts';
import { inProcess, referenceEnds } from '../execute/reference-ends.ts';
import { plan } from '../plan/plan.ts';
import { referenceFacts } from '../plan/reference-facts.ts';
import { registry } from '../registry.ts';
import { simulatedWorld } from '../worlds/simulated/index.ts';
import { factsOfStrangers } from './facts.ts';

/** A case of each protocol in which ends do what they mostly do. */
const NOMINAL: Readonly<Record<string, string>> = {
  river: 'river/rpc/add',
  rsocket: 'rsocket/request-response/plain',
  // Of a call that is over nothing is kept: this one is never answered.
  // Of a call that is over nothing is kept: one of these is never answered.
  connect: 'connect/cancel/of-a-call',
  swill: 'swill/request/sum',
  clamator: 'clamator/requests/one',
};

/** Events that are remembered. */
const REMEMBERED = 500;

/** Ms from one round to the next. */
const ROUND_MS = 1000;

/** What two peers of a protocol send each other in its nominal case. */
async function nominal(
  name: string,
  id = NOMINAL[name] ?? '',
): Promise<{ readonly protocol: Protocol; readonly binding: string; readonly events: readonly TraceEvent[] }> {
  const { protocol, corpus, entry } = await loadProtocol(name, [id]);
  const world = simulatedWorld();
  const reference = referenceEnds(await entry.makeClient(), await entry.makeServer(corpus.services));
  const end = referenceFacts(protocol);
  const [run] = plan(corpus, { patterns: [] }, { underTest: end, peer: end }, { bindings: bindingNames(protocol) });
  if (run === undefined) throw new Error(`${id} cannot be run`);
  let events: readonly TraceEvent[] = [];
  await runCorpus(
    {
      protocol,
      requirements: corpus.requirements,
      procedureKinds: corpus.procedureKinds,
      world,
      golden: goldenSource(world, reference),
      goldenUse: 'needed',
      withEnds: (_assignment, _company, use) => use(inProcess(reference)),
      seed: 1,
      strict: false,
      concurrency: 1,
      now: () => performance.now(),
      stopped: () => false,
    },
    [run],
    ({ performance: played }) => {
      events = [...(played?.wholeTrace ?? [])].filter(({ type }) => type !== 'application').map(whole);
    },
  );
  return { protocol, binding: run.binding, events };
}

/** An event with all that is read of it when it is asked for. */
function whole(event: TraceEvent): TraceEvent {
  return event.type === 'sent' || event.type === 'delivered' ? { ...event, frame: event.frame, decoded: event.decoded } : { ...event };
}

/** All rules of a protocol over the same conversation again and again, on connections of its own each time. */
function watch({ protocol, binding, events }: Awaited<ReturnType<typeof nominal>>, forgets: boolean) {
  const broken = new Set<string>();
  let held = 0;
  const automaton = protocol.startInvariants(factsOfStrangers(protocol, binding), () => ({
    holds: () => {
      held += 1;
    },
    violates: ({ requirement, blame }) => void broken.add(`${requirement} ${blame}`),
  }));
  const connections = new Set(events.flatMap((event) => ('connection' in event ? [event.connection] : []))).size;
  const open = new Set<number>();
  let n = 0;
  return {
    broken,
    held: () => held,
    hear(rounds: number, first: number): void {
      for (let round = first; round < first + rounds; round += 1) {
        const before = n;
        const numbers = new Map(events.map((event, i) => [event.n, before + i]));
        for (const event of events) {
          const moved = {
            ...event,
            n,
            t: event.t + round * ROUND_MS,
            ...('connection' in event && event.connection !== undefined ? { connection: event.connection + round * connections } : {}),
            ...('of' in event && event.of !== undefined ? { of: numbers.get(event.of) } : {}),
          } as TraceEvent;
          n += 1;
          if (moved.type === 'opened') open.add(moved.connection);
          automaton.observe(moved);
        }
        // Whoever has gone by then has ended what it had.
        for (const connection of open) {
          automaton.observe({
            type: 'closed',
            n: n++,
            t: (round + 1) * ROUND_MS - 1,
            connection,
            by: 'client',
            how: 'fin',
            code: undefined,
          });
        }
        open.clear();
        if (forgets) automaton.forget?.({ before: n - REMEMBERED, isOver: (connection) => !open.has(connection) });
      }
    },
  };
}

describe.each(Object.keys(registry))('rules of %s', (name) => {
  test('what is past takes no room, and nobody is blamed for what is not known of it', async () => {
    const conversation = await nominal(name);
    expect(conversation.events.length).toBeGreaterThan(5);
    const [few, all] = [watch(conversation, true), watch(conversation, false)];
    few.hear(500, 0);
    const before = heapInUse();
    few.hear(3000, 500);
    const grown = heapInUse() - before;
    all.hear(3500, 0);
    const kept = heapInUse() - before - grown;
    expect(grown).toBeLessThan(1024 * 1024);
    expect(kept).toBeGreaterThan(1.25 * 1024 * 1024);
    expect([...all.broken]).toEqual(expect.arrayContaining([...few.broken]));
    expect(few.held()).toBeGreaterThan(0);
  });
});

test('of calls by HTTP that are over nothing is kept, as long as the past goes back', async () => {
  const all = watch(await nominal('connect', 'connect/unary/echo'), false);
  all.hear(500, 0);
  const before = heapInUse();
  all.hear(3000, 500);
  expect(heapInUse() - before).toBeLessThan(1024 * 1024);
  expect(all.held()).toBeGreaterThan(10_000);
  expect([...all.broken]).toEqual([]);
});
