import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Violation } from '../../common/invariant.ts';
import { startTogether } from '../../common/listening.ts';
import type { TraceEvent } from '../../common/trace.ts';
import type { RiverMessage } from '../message.ts';
import { conforming } from './conforming-traces.ts';
import { riverInvariants } from './index.ts';
import { followEnds } from './judging.ts';
import { opinion, testFacts } from './testing.ts';

describe.each(Object.entries(conforming))('a conforming trace: %s', (_name, trace) => {
  it.each(riverInvariants.map((invariant) => [invariant.name, invariant] as const))('%s finds no fault', (_invariant, invariant) => {
    expect(opinion(invariant, trace()).violations).toEqual([]);
  });
});

it('every rule holds somewhere in the conforming traces', () => {
  const held = new Set<string>();
  for (const invariant of riverInvariants) {
    for (const trace of Object.values(conforming)) {
      for (const check of opinion(invariant, trace()).held) held.add(check.split(' ')[0] ?? '');
    }
  }
  const promised = new Set(riverInvariants.flatMap((invariant) => invariant.requirements));
  expect([...promised].filter((requirement) => !held.has(requirement)).sort()).toEqual([]);
});

it('names are unique and say whose they are', () => {
  const names = riverInvariants.map((invariant) => invariant.name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.every((name) => name.startsWith('river/'))).toBe(true);
});

const few = fc.constantFrom('ann', 'bob', 'SERVER', 'heartbeat', 'rehandshake', 'x', '');
const small = fc.constantFrom(0, 1, 2, 3, 8, 10, 500, -1, 1e15);
const payload = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom({ type: 'ACK' }, { type: 'CLOSE' }, { ok: true, payload: 1 }, { ok: false, payload: { code: 'CANCEL', message: '' } }),
  fc.record({
    type: fc.constant('HANDSHAKE_REQ'),
    protocolVersion: fc.constantFrom('v2.0', 'v1.1'),
    sessionId: few,
    expectedSessionState: fc.record({ nextExpectedSeq: small, nextSentSeq: small }),
  }),
  fc.record({
    type: fc.constant('HANDSHAKE_RESP'),
    status: fc.oneof(
      fc.record({ ok: fc.constant(true), sessionId: few }),
      fc.record({ ok: fc.constant(false), code: fc.constantFrom('SESSION_STATE_MISMATCH', 'MALFORMED_HANDSHAKE'), reason: few }),
    ),
  }),
);
const message = fc.record(
  {
    ...{ id: few, from: few, to: few, seq: small, ack: small, streamId: few },
    ...{
      controlFlags: fc.nat(31),
      payload,
      serviceName: fc.constant('s'),
      procedureName: fc.constantFrom('rpc', 'stream', 'subscription'),
    },
  },
  { requiredKeys: ['id', 'from', 'to', 'seq', 'ack', 'streamId', 'controlFlags', 'payload'] },
);
const decoded = fc.oneof(
  { weight: 9, arbitrary: message.map((value) => ({ ok: true as const, message: value as RiverMessage })) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('the root is not a map', 'a text frame', 'payload is missing')
      .map((error) => ({ ok: false as const, error })),
  },
);
const role = fc.constantFrom('client' as const, 'server' as const);
const connection = fc.nat(2);
const frame = fc.constant({ kind: 'message' as const, text: false, data: new Uint8Array() });
const happening = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant('sent' as const), connection, from: role, frame, decoded }) },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('delivered' as const),
      connection,
      to: role,
      of: fc.constant(undefined),
      altered: fc.boolean(),
      frame,
      decoded,
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('opened' as const), connection }) },
  {
    weight: 1,
    arbitrary: fc.record({
      ...{ type: fc.constant('closed' as const), connection, by: fc.constantFrom('client' as const, 'server' as const, 'proxy' as const) },
      ...{ how: fc.constantFrom('close' as const, 'fin' as const, 'rst' as const), code: fc.constant(undefined) },
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('fault' as const), connection: fc.constantFrom(undefined, 0), what: few }) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('sent' as const),
      connection,
      from: role,
      decoded: fc.constant(undefined),
      frame: fc.constant({ kind: 'close' as const, code: 1000, reason: '' }),
    }),
  },
);

function opinionsTogether(trace: readonly TraceEvent<RiverMessage>[]): ReadonlyMap<string, unknown> {
  const said = new Map(riverInvariants.map(({ name }) => [name, { held: new Set<string>(), violations: [] as Violation[] }]));
  const automaton = startTogether(followEnds, riverInvariants, testFacts, ({ name }) => ({
    holds: (requirement, blame) => said.get(name)?.held.add(`${requirement} ${blame}`),
    violates: (violation) => said.get(name)?.violations.push(violation),
  }));
  for (const event of trace) automaton.observe(event);
  automaton.finish();
  return new Map([...said].map(([name, { held, violations }]) => [name, { held: [...held], violations }]));
}

it('survives any trace, blames only by its own rules, and says the same alone and together', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(happening, fc.nat(3000)), { maxLength: 60 }), (happenings) => {
      let t = 0;
      const trace = happenings.map(([event, pause], n) => {
        t += pause;
        return { ...event, n, t } as TraceEvent<RiverMessage>;
      });
      const together = opinionsTogether(trace);
      for (const invariant of riverInvariants) {
        const { held, violations } = opinion(invariant, trace, testFacts);
        expect(together.get(invariant.name)).toEqual({ held, violations });
        const named = [...held.map((check) => check.split(' ')[0]), ...violations.map((violation) => violation.requirement)];
        expect(named.every((requirement) => invariant.requirements.includes(requirement ?? ''))).toBe(true);
        expect(violations.every(({ events, message: text }) => events.length > 0 && text !== '')).toBe(true);
      }
    }),
    { numRuns: 400 },
  );
});
