import { expect, test } from 'vitest';
import type { TraceEvent } from '../../protocols/common/trace.ts';
import { river } from '../../protocols/river/protocol.ts';
import { factsOfStrangers } from './facts.ts';
import { breachesBuild } from './outcome.ts';
import { endless } from './testing/endless.ts';
import { type Breach, type Memory, startWatch, type Tally } from './watch.ts';

const ALL: Memory = { events: Number.POSITIVE_INFINITY, every: 1 };
const FEW: Memory = { events: 600, every: 50 };

function watched(events: Iterable<TraceEvent>, memory: Memory): { readonly breaches: readonly Breach[]; readonly tally: Tally } {
  const watch = startWatch(river, factsOfStrangers(river, 'json'), () => undefined, memory);
  const breaches: Breach[] = [];
  for (const event of events) breaches.push(...watch.observe(event));
  breaches.push(...watch.finish());
  return { breaches, tally: watch.tally() };
}

test('who forgets what is past blames nobody for it, and examines the same', () => {
  const all = watched(endless(6_000), ALL);
  const few = watched(endless(6_000), FEW);
  expect(few.breaches).toEqual([]);
  expect(all.breaches).toEqual([]);
  expect(few.tally).toEqual(all.tally);
  expect(few.tally.examined.client.size).toBeGreaterThan(20);
});

/** The endless trace with one message of an end changed in a late round. */
function* spoiled(from: string, change: (message: Record<string, unknown>) => object): Generator<TraceEvent> {
  let left = 1;
  for (const event of endless(3_000)) {
    const isIt = event.type === 'sent' && event.from === from && event.n > 22_500 && event.decoded?.ok === true;
    const message = isIt ? (event.decoded?.ok === true ? (event.decoded.message as Record<string, unknown>) : {}) : {};
    if (!isIt || left === 0 || String(message['streamId']).startsWith('hello')) yield event;
    else {
      left -= 1;
      yield { ...event, decoded: { ok: true, message: change(message) } };
    }
  }
}

test.each([
  ['client', 'RIVER-SEQ-02', (message: Record<string, unknown>) => ({ ...message, ack: Number(message['ack']) + 9 })],
  ['server', 'RIVER-SEQ-01', (message: Record<string, unknown>) => ({ ...message, seq: Number(message['seq']) + 1 })],
  ['server', 'RIVER-MSG-05', (message: Record<string, unknown>) => ({ ...message, from: 'ANOTHER' })],
] as const)('a late breach by the %s of %s is noticed as without forgetting', (from, requirement, change) => {
  const all = watched(spoiled(from, change), ALL);
  const few = watched(spoiled(from, change), FEW);
  expect(few.breaches.map(({ requirement: rule, blame }) => [rule, blame])).toEqual(
    all.breaches.map(({ requirement: rule, blame }) => [rule, blame]),
  );
  expect(few.breaches).toContainEqual(expect.objectContaining({ requirement, blame: from }));
});

test('a stream that was opened long ago, and a session that comes back after it was forgotten, are nobody’s fault', () => {
  function* events(): Generator<TraceEvent> {
    // The first client's connection goes on under a stream of its first round, when that has been forgotten.
    for (const event of endless(240)) {
      if (event.n < 1600 || (event.type !== 'sent' && event.type !== 'delivered') || event.decoded?.ok !== true) yield event;
      else {
        const message = event.decoded.message as Record<string, unknown>;
        const late = String(message['streamId']).startsWith('call-') && message['controlFlags'] === 10;
        yield late
          ? {
              ...event,
              decoded: {
                ok: true,
                message: { ...message, streamId: 'call-1', controlFlags: 0, serviceName: undefined, procedureName: undefined },
              },
            }
          : event;
      }
    }
  }
  const blamed = watched(events(), { events: 200, every: 50 }).breaches.map(({ requirement }) => requirement);
  expect(blamed).not.toContain('RIVER-MSG-08');
});

test('a refusal that an end may make is a question and fails no build; what a carrier forbids does', () => {
  const told = (allowed: boolean): Tally => {
    const problem = { kind: 'upgrade-refused', detail: '401', text: 'answered the upgrade with HTTP 401', ...(allowed ? { allowed } : {}) };
    const events = [
      { n: 0, t: 0, type: 'opened', connection: 0 },
      { n: 1, t: 0, type: 'carrier', connection: 0, from: 'server', problem },
    ] as const;
    return watched(events as unknown as readonly TraceEvent[], ALL).tally;
  };
  expect([true, false].map((allowed) => told(allowed).broken.map(({ blame, gravity }) => [blame, gravity]))).toEqual([
    [['server', 'question']],
    [['server', 'fail']],
  ]);
  expect([true, false].map((allowed) => breachesBuild(told(allowed), true))).toEqual([false, true]);
});
