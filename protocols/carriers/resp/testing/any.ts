import fc from 'fast-check';
import type { RespValue } from '../value.ts';

const line = fc.uint8Array({ maxLength: 20 }).map((bytes) => bytes.map((byte) => (byte === 13 || byte === 10 ? 46 : byte)));
const bytes = fc.uint8Array({ maxLength: 60 });
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

const leaf: fc.Arbitrary<RespValue> = fc.oneof(
  fc.record({ type: fc.constantFrom('simple' as const, 'error' as const), data: line }),
  fc.record({ type: fc.constantFrom('bulk' as const, 'bulk-error' as const), data: bytes }),
  int64.map((value): RespValue => ({ type: 'integer', value: Number.isSafeInteger(Number(value)) ? Number(value) : value })),
  fc.integer().map((value): RespValue => ({ type: 'integer', value })),
  fc.record({ type: fc.constant('null' as const), form: fc.constantFrom('null' as const, 'bulk' as const, 'array' as const) }),
  fc.record({ type: fc.constant('boolean' as const), value: fc.boolean() }),
  fc.record({ type: fc.constant('double' as const), text: fc.constantFrom('0', '-1.5', '3e10', '+2.5E-3', 'inf', '-inf', 'nan', '10.') }),
  fc.record({ type: fc.constant('big-number' as const), text: fc.bigInt().map(String) }),
  fc.record({ type: fc.constant('verbatim' as const), format: fc.constantFrom('txt', 'mkd', '\u00e9:x'), data: bytes }),
);

/** Any value of RESP3 that may stand inside of others. */
export const anyValue: fc.Arbitrary<RespValue> = fc.letrec<{ value: RespValue }>((tie) => {
  const entries = fc.array(fc.tuple(tie('value'), tie('value')), { maxLength: 4 });
  return {
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      leaf,
      fc.record({ type: fc.constantFrom('array' as const, 'set' as const), items: fc.array(tie('value'), { maxLength: 5 }) }),
      fc.record({ type: fc.constant('map' as const), entries }),
      fc.record({ type: fc.constant('attributed' as const), attributes: entries, value: tie('value') }),
    ),
  };
}).value;

/** A reply, or a push. */
export const anyReply: fc.Arbitrary<RespValue> = fc.oneof(
  { weight: 4, arbitrary: anyValue },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('push' as const), items: fc.array(anyValue, { maxLength: 4 }) }) },
);

/** A command of one word or more, each any bytes. */
export const anyCommand: fc.Arbitrary<Uint8Array[]> = fc.array(bytes, { minLength: 1, maxLength: 8 });
