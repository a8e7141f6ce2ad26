import { encode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { createMeter } from './limits.ts';
import { surveyJson } from './survey-json.ts';
import { surveyMsgpack } from './survey-msgpack.ts';

const LIMITS = { depth: 5, values: 50 };
const LOOSE = { depth: 1000, values: 1_000_000 };

/** Levels, and items of all lists and entries of all maps together, the value itself included. */
function measured(value: unknown): { depth: number; values: number } {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return { depth: 0, values: 1 };
  const inner = Object.values(value).map(measured);
  return { depth: 1 + Math.max(0, ...inner.map(({ depth }) => depth)), values: 1 + inner.reduce((sum, { values }) => sum + values, 0) };
}

describe('a look at a value', () => {
  it('of MessagePack counts what the encoder wrote, and refuses what is one more', () => {
    fc.assert(
      fc.property(fc.object({ maxDepth: 8, withTypedArray: false, withDate: false, withMap: false, withSet: false }), (value) => {
        const plain: unknown = JSON.parse(JSON.stringify(value));
        const { depth, values } = measured(plain);
        const bytes = encode(plain);
        expect(surveyMsgpack(bytes, { depth, values })).toEqual({ ok: true, values });
        expect(surveyMsgpack(bytes, { depth: depth - 1, values })).toMatchObject({ ok: false });
        if (values > 1) expect(surveyMsgpack(bytes, { depth, values: values - 1 })).toMatchObject({ ok: false });
      }),
    );
  });

  it('of JSON counts no fewer than there are, and levels exactly, whatever texts hold', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 8, stringUnit: 'binary' }), fc.boolean(), (text, spread) => {
        const value: unknown = JSON.parse(text);
        const { depth, values } = measured(value);
        const written = spread ? JSON.stringify(value, null, 2) : text;
        const surveyed = surveyJson(written, { depth, values: 2 * values });
        if (!surveyed.ok) throw new Error(surveyed.error);
        expect(surveyed.values).toBeGreaterThanOrEqual(values);
        if (depth > 0) expect(surveyJson(written, { depth: depth - 1, values: 2 * values })).toMatchObject({ ok: false });
      }),
    );
  });

  it('of JSON counts the same where much stands between what counts', () => {
    const stretch = fc.constantFrom('', '1', ' '.repeat(31), ' '.repeat(32), '\n'.repeat(33), '5'.repeat(100));
    fc.assert(
      fc.property(fc.array(fc.tuple(stretch, fc.constantFrom(...'[]{},')), { maxLength: 60 }), stretch, (parts, last) => {
        const text = parts.map(([before, mark]) => `${before}${mark}`).join('') + last;
        const marks = parts.map(([, mark]) => mark).join('');
        expect(surveyJson(text, LOOSE)).toEqual(surveyJson(marks, LOOSE));
        expect(surveyJson(text, LIMITS)).toEqual(surveyJson(marks, LIMITS));
      }),
    );
  });

  it('ends, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        surveyMsgpack(bytes, LOOSE);
        surveyJson(Buffer.from(bytes).toString('latin1'), LOOSE);
      }),
    );
  });
});

const ff = (...bytes: number[]) => Uint8Array.from(bytes);

test.each([
  ['six levels', ff(0x91, 0x91, 0x91, 0x91, 0x91, 0x91, 0xc0), /nested more than 5 levels/],
  ['fifty-one items', ff(0xdc, 0, 51, ...Array.from({ length: 51 }, () => 0)), /more than 50 values/],
  ['a forged list', ff(0xdd, 0xff, 0xff, 0xff, 0xff, 0), /a list or map of 4294967295 items in 1 bytes/],
  ['a forged map', ff(0xdf, 0, 0, 1, 0, 0), /a list or map of 256 items in 1 bytes/],
  ['a forged list behind a text', ff(0x92, 0xa2, 0x91, 0x91, 0xdc, 1, 0), /a list or map of 256 items in 0 bytes/],
])('%s of MessagePack are refused', (_what, bytes, words) => {
  const surveyed = surveyMsgpack(bytes, LIMITS);
  expect(surveyed.ok ? '' : surveyed.error).toMatch(words);
});

test('a long text is one value, whatever it ends with', () => {
  for (const text of [
    '[[[',
    '\\',
    '"',
    '\\"',
    '\\\\',
    'x'.repeat(100),
    `${'x'.repeat(100)}\\"[`,
    `${'x'.repeat(31)}\\`,
    `${'x'.repeat(32)}\\\\"`,
  ]) {
    expect(surveyJson(JSON.stringify([text, 1]), LIMITS)).toMatchObject({ ok: true });
    expect(surveyJson(`${JSON.stringify(text)}${'['.repeat(6)}`, LIMITS)).toMatchObject({ ok: false });
  }
});

test('a meter stops at what it was given, and what was refused is not spent', () => {
  const meter = createMeter(10);
  expect(meter.spend(6)).toBeUndefined();
  expect(meter.spend(5)).toMatch(/more than 10 values/);
  expect(meter.spend(4)).toBeUndefined();
});
