import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bindingNames } from '../common/binding.ts';
import type { TraceEvent } from '../common/trace.ts';
import { EncodingError } from './codec.ts';
import type { RiverMessage } from './message.ts';
import { river } from './protocol.ts';
import { call, facts } from './testing/trace-builder.ts';

const payloads = fc.oneof(
  fc.constantFrom<unknown>(
    { type: 'HANDSHAKE_REQ', protocolVersion: 'v2.0', sessionId: 's', expectedSessionState: { nextExpectedSeq: 0, nextSentSeq: 0 } },
    { type: 'HANDSHAKE_REQ', sessionId: 5 },
    { type: 'HANDSHAKE_RESP', status: { ok: true, sessionId: 't' } },
    { type: 'HANDSHAKE_RESP', status: { ok: false, code: 'MALFORMED_HANDSHAKE', reason: '' } },
    { type: 'HANDSHAKE_RESP', status: 1 },
    { type: 'CLOSE' },
    { ok: false, payload: { code: 'INVALID_REQUEST', message: 'm' } },
    { ok: false },
  ),
  // MessagePack's decoder refuses such a key (RIVER-CODEC-11).
  fc.jsonValue().filter((value) => !JSON.stringify(value).includes('__proto__')),
);
const text = fc.constantFrom('a', 'b', 'rehandshake', 'heartbeat', '__proto__', '');
const messages: fc.Arbitrary<RiverMessage> = fc
  .record({
    message: fc.record({
      ...{ id: text, from: text, to: text, streamId: text },
      ...{ seq: fc.integer({ min: -1, max: 3 }), ack: fc.integer(), controlFlags: fc.constantFrom(0, 1, 2, 4, 8, 10, 15, 26, -1) },
      payload: payloads,
    }),
    names: fc.constantFrom({}, { serviceName: 't', procedureName: 'p' }, { serviceName: '' }),
  })
  .map(({ message, names }) => ({ ...message, ...names }));
const frame = { kind: 'message', class: 'data', text: false, data: new Uint8Array([1]) } as const;
const events: fc.Arbitrary<TraceEvent<RiverMessage>[]> = fc
  .array(
    fc.record({
      message: fc.option(messages),
      from: fc.constantFrom('client' as const, 'server' as const),
      connection: fc.nat(2),
      arrives: fc.boolean(),
    }),
    { maxLength: 30 },
  )
  .map((sayings) =>
    sayings.flatMap(({ message, from, connection, arrives }, i): TraceEvent<RiverMessage>[] => {
      const decoded = message === null ? ({ ok: false, error: '' } as const) : ({ ok: true, message } as const);
      const to = from === 'client' ? 'server' : 'client';
      const sent = { type: 'sent', n: 2 * i, t: i, connection, from, frame, decoded } as const;
      return arrives
        ? [sent, { type: 'delivered', n: 2 * i + 1, t: i, connection, to, of: 2 * i, altered: false, frame, decoded }]
        : [sent];
    }),
  );
const calls = [call('x', 't.p', null), call('y', 't.p', {}, 'other')];

describe('River as the runner knows it', () => {
  it.each(bindingNames(river))('writes and reads messages (%s)', (codec) => {
    fc.assert(
      fc.property(messages, (message) => {
        expect(river.decode(river.encode(message, codec), { binding: codec, from: 'client', openings: [] }).ok).toBe(true);
      }),
    );
    expect(() => river.encode(undefined, 'json')).toThrow(EncodingError);
  });

  it('survives any trace, and every sent stream message is in exactly one item', () => {
    fc.assert(
      fc.property(events, (trace) => {
        const { lanes } = river.normalise(trace, calls, facts);
        const counted = lanes.flatMap((lane) => lane.items.flatMap((item) => item.events)).sort((a, b) => a - b);
        const sent = trace.filter((event) => event.type === 'sent' && river.kindOf(event.frame, event.decoded) !== 'heartbeat');
        expect(counted).toEqual(sent.map((event) => event.n));
        for (const lane of lanes) for (const rule of river.variations) rule.canonical(lane, { kindOf: () => 'subscription' });
        for (const event of trace) {
          if (event.type !== 'sent') continue;
          expect(river.summarise(event.frame, event.decoded)).not.toMatch(/[\n\r]/);
          river.mismatch({ from: 'client', payload: { a: 1 } }, event, { streamOf: () => undefined });
        }
      }),
    );
  });

  it('names each variation rule once, and a requirement that allows it', () => {
    const names = river.variations.map((rule) => rule.name);
    expect(new Set(names).size).toBe(names.length);
    for (const rule of river.variations) expect(rule.allowedBy).toMatch(/^RIVER-[A-Z-]+-\d\d$/);
  });
});
