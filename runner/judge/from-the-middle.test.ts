import { expect, test } from 'vitest';
import { peerOf, type Role } from '../../protocols/common/frame.ts';
import type { RunFacts } from '../../protocols/common/invariant.ts';
import type { Trace, TraceEvent } from '../../protocols/common/trace.ts';
import { loadProtocol } from '../cli/load.ts';
import { goldenSource } from '../execute/golden.ts';
import { referenceEnds } from '../execute/reference-ends.ts';
import { simulatedWorld } from '../worlds/simulated/index.ts';
import { judgeInvariants } from './invariant-judge.ts';

/** Conforming traces with several connections. */
async function resumed(protocolName: string, patterns: readonly string[]) {
  const { protocol, corpus, entry } = await loadProtocol(protocolName, patterns);
  const golden = goldenSource(simulatedWorld(), referenceEnds(await entry.makeClient(), await entry.makeServer(corpus.services)));
  const found: { readonly id: string; readonly trace: Trace; readonly facts: RunFacts }[] = [];
  const seen = new Set<string>();
  for (const each of corpus.cases) {
    if (seen.has(each.id)) continue;
    seen.add(each.id);
    const [role = 'client'] = each.roles;
    const binding = each.bindings?.[0] ?? protocol.bindings[0]?.name ?? '';
    const casting = { protocol, case: each, role, binding, procedureKinds: corpus.procedureKinds, seed: 1 };
    const made = await golden.of(casting);
    if (!made.ok || made.trace === undefined || made.connections < 2 || made.facts.scripted.length > 0) continue;
    found.push({ id: each.id, trace: made.trace, facts: made.facts });
  }
  const blames = (trace: Trace, facts: RunFacts, role: Role): readonly string[] => {
    const { findings } = judgeInvariants(protocol, trace, { ...facts, scripted: [peerOf(role)] }, role, (id) =>
      corpus.requirements.get(id),
    );
    return findings.map(({ requirement, message }) => `${requirement} ${message}`);
  };
  return { found, blames };
}

/** What a tap writes that has let the oldest events go: without deliveries of what is gone, numbered anew. */
function from(trace: Trace, first: number): TraceEvent[] {
  const numbers = new Map<number, number>();
  const left: TraceEvent[] = [];
  for (const event of trace) {
    if (event.n < first) continue;
    const n = left.length;
    if (event.type === 'sent') {
      numbers.set(event.n, n);
      left.push({ ...event, n, frame: event.frame, decoded: event.decoded });
    } else if (event.type === 'delivered') {
      const of = event.of === undefined ? undefined : numbers.get(event.of);
      if (event.of === undefined || of !== undefined) left.push({ ...event, n, of, frame: event.frame, decoded: event.decoded });
    } else left.push({ ...event, n });
  }
  return left;
}

test.each([
  ['river', ['river/reconnect/*', 'river/session/*', 'river/heartbeat/*', 'river/ordering/c*', 'river/rehandshake/*']],
  ['rsocket', ['rsocket/resume/**', 'rsocket/keepalive/*']],
])('a conforming %s trace blames nobody, wherever it begins', { timeout: 120_000 }, async (protocol, patterns) => {
  const { found, blames } = await resumed(protocol, patterns);
  expect(found.length).toBeGreaterThan(10);
  const wrong: string[] = [];
  let naive = 0;
  for (const { id, trace, facts } of found) {
    const step = Math.max(1, Math.floor(trace.length / 24));
    for (let first = 1; first < trace.length; first += step) {
      const left = from(trace, first);
      for (const role of ['client', 'server'] as const) {
        for (const blame of blames(left, { ...facts, fromTheMiddle: true }, role)) wrong.push(`${id} from ${first}, the ${role}: ${blame}`);
        naive += blames(left, facts, role).length;
      }
    }
  }
  expect(wrong).toEqual([]);
  expect(naive).toBeGreaterThan(100);
});
