import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { manualEnvironment } from '../../protocols/common/testing/manual-environment.ts';
import { seededRandom } from '../worlds/random.ts';
import { ToxicLink } from './link.ts';
import { slices } from './pipes.ts';
import { toxicFrom } from './testing/scenarios.ts';
import type { NamedToxic } from './toxic.ts';

type Written = readonly [type: string, attributes: Readonly<Record<string, number>>, toxicity?: number];

const toxic = ([type, attributes, toxicity = 1]: Written, name = type): NamedToxic => toxicFrom({ type, attributes, toxicity, name });

/** A link on a manual clock, and what came out of it: `5 abc`, `9 closed`, with the time in ms. */
function bench(toxics: readonly Written[], decide: () => number = () => 0) {
  const environment = manualEnvironment(seededRandom(3));
  const log: string[] = [];
  let out = '';
  const say = (what: string) => log.push(`${environment.now()} ${what}`);
  const link = new ToxicLink(
    toxics.map((written) => toxic(written)),
    { now: environment.now, after: environment.after, random: environment.random, decide },
    {
      bytes(data) {
        out += Buffer.from(data).toString();
        say(Buffer.from(data).toString());
      },
      closed: () => say('closed'),
    },
  );
  return { link, log, environment, out: () => out, push: (text: string) => link.push(Buffer.from(text)) };
}

describe('one toxic', () => {
  test('none: bytes and the end pass at once', () => {
    const { link, log, push } = bench([]);
    push('ab');
    link.end();
    link.end();
    expect(log).toEqual(['0 ab', '0 closed']);
  });

  test('latency: each chunk is late by as much, and the end comes with the last', () => {
    const { link, log, environment, push } = bench([['latency', { latency: 10 }]]);
    push('a');
    environment.advance(4);
    push('b');
    link.end();
    environment.advance(20);
    expect(log).toEqual(['10 a', '14 b', '14 closed']);
  });

  test('bandwidth: a long chunk comes in stretches of 100 ms, and the rest as long as it takes', () => {
    const { link, log, environment, push } = bench([['bandwidth', { rate: 1 }]]);
    push(`${'a'.repeat(100)}${'b'.repeat(100)}cc`);
    push('d');
    link.end();
    environment.advance(1000);
    expect(log).toEqual([`100 ${'a'.repeat(100)}`, `200 ${'b'.repeat(100)}`, '202 cc', '203 d', '203 closed']);
  });

  test('bandwidth 0 passes nothing, and leaves no timer', () => {
    const { log, environment, push } = bench([['bandwidth', {}]]);
    push('a');
    environment.advance(100_000);
    expect(log).toEqual([]);
    expect(environment.pending()).toBe(0);
  });

  test('slow_close: only the end is late', () => {
    const { link, log, environment, push } = bench([['slow_close', { delay: 10 }]]);
    push('a');
    link.end();
    environment.advance(20);
    expect(log).toEqual(['0 a', '10 closed']);
  });

  test('timeout: swallows, and closes when nothing came for that long', () => {
    const { log, environment, push } = bench([['timeout', { timeout: 10 }]]);
    environment.advance(6);
    push('a');
    environment.advance(6);
    push('b');
    environment.advance(20);
    expect(log).toEqual(['22 closed']);
  });

  test('reset_peer: closes that long after the first bytes, and nothing comes out', () => {
    const { log, environment, push } = bench([['reset_peer', { timeout: 10 }]]);
    environment.advance(5);
    push('a');
    push('b');
    environment.advance(20);
    push('c');
    expect(log).toEqual(['15 closed']);
  });

  test('slicer: the delay, in µs, follows each slice', () => {
    const { log, environment, push } = bench([['slicer', { average_size: 2, delay: 500 }]]);
    push('abcd');
    environment.advance(10);
    push('e');
    expect(log).toEqual(['0 ab', '0.5 cd', '10 e']);
  });

  test('limit_data: closes with the last byte it lets pass', () => {
    const { log, push } = bench([['limit_data', { bytes: 3 }]]);
    push('ab');
    push('cd');
    push('e');
    expect(log).toEqual(['0 ab', '0 c', '0 closed']);
  });

  test('toxicity decides once for each toxic of a link', () => {
    const decisions = [0.2, 0.8];
    const chain: Written[] = [
      ['latency', { latency: 10 }, 0.5],
      ['limit_data', { bytes: 1 }, 0.5],
    ];
    const { log, environment, push } = bench(chain, () => decisions.shift() ?? Number.NaN);
    push('ab');
    environment.advance(10);
    expect(log).toEqual(['10 ab']);
    expect(decisions).toEqual([]);
  });
});

describe('a chain that changes', () => {
  test('a toxic that is added does not touch what the last one is busy with', () => {
    const { link, log, environment, push } = bench([['latency', { latency: 10 }]]);
    push('a');
    push('b');
    link.add(toxic(['limit_data', { bytes: 1 }]));
    environment.advance(20);
    expect(log).toEqual(['0 a', '10 b', '10 closed']);
  });

  test('removing a toxic lets out what it holds, in order', () => {
    const { link, log, push } = bench([['latency', { latency: 10 }]]);
    push('a');
    push('b');
    link.end();
    link.remove('latency');
    expect(log).toEqual(['0 a', '0 b', '0 closed']);
  });

  test('removing one of two leaves the other at work', () => {
    const { link, log, environment, push } = bench([
      ['bandwidth', { rate: 1 }],
      ['latency', { latency: 10 }],
    ]);
    push('aaaaa');
    link.remove('latency');
    push('b');
    environment.advance(100);
    expect(log).toEqual(['0 aaaaa', '1 b']);
  });

  test('removing a timeout closes', () => {
    const { link, log, push } = bench([['timeout', {}]]);
    push('a');
    link.remove('timeout');
    expect(log).toEqual(['0 closed']);
  });

  test('removing a slow_close that waits closes', () => {
    const { link, log } = bench([['slow_close', { delay: 10 }]]);
    link.end();
    link.remove('slow_close');
    expect(log).toEqual(['0 closed']);
  });

  test('a reset_peer that has begun is not stopped by its removal', () => {
    const { link, log, environment, push } = bench([['reset_peer', { timeout: 10 }]]);
    push('a');
    link.remove('reset_peer');
    push('b');
    environment.advance(20);
    expect(log).toEqual(['10 closed']);
  });

  test('a limit remembers what passed before it was interrupted', () => {
    const { link, log, push } = bench([['limit_data', { bytes: 3 }]]);
    push('ab');
    link.add(toxic(['latency', {}]));
    link.remove('latency');
    push('cd');
    expect(log).toEqual(['0 ab', '0 c', '0 closed']);
  });

  test('a toxic that is added to a link that is over changes nothing', () => {
    const { link, log, environment, push } = bench([]);
    link.end();
    link.add(toxic(['slow_close', { delay: 10 }]));
    push('a');
    environment.advance(20);
    expect(log).toEqual(['0 closed']);
  });

  test('stop silences everything and leaves no timer', () => {
    const { link, log, environment, push } = bench([['latency', { latency: 10 }]]);
    push('a');
    link.stop();
    link.end();
    environment.advance(20);
    expect(log).toEqual([]);
    expect(environment.pending()).toBe(0);
  });
});

const amount = fc.integer({ min: 0, max: 50 });
const harmless: fc.Arbitrary<Written> = fc.oneof(
  fc.record({ latency: amount, jitter: amount }).map((attributes): Written => ['latency', attributes]),
  fc.record({ rate: fc.integer({ min: 1, max: 50 }) }).map((attributes): Written => ['bandwidth', attributes]),
  fc.record({ delay: amount }).map((attributes): Written => ['slow_close', attributes]),
  fc
    .tuple(fc.integer({ min: 1, max: 20 }), fc.double({ min: 0, max: 0.99, noNaN: true }), amount)
    .map(([size, part, delay]): Written => ['slicer', { average_size: size, size_variation: Math.floor(size * part), delay }]),
);
type Happening = { push: string } | { wait: number } | { add: Written } | { remove: number };
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ push: fc.string({ unit: fc.constantFrom(...'abcdefgh'), maxLength: 300 }) }) },
  { weight: 3, arbitrary: fc.record({ wait: amount }) },
  { weight: 1, arbitrary: fc.record({ add: harmless }) },
  { weight: 1, arbitrary: fc.record({ remove: fc.nat(6) }) },
);

describe('whatever happens', () => {
  test('harmless toxics lose, repeat and reorder no byte, and the end comes once, last', () => {
    fc.assert(
      fc.property(fc.array(harmless, { maxLength: 3 }), fc.array(happening, { maxLength: 30 }), (chain, happenings) => {
        const { link, log, environment, out, push } = bench([]);
        let named = 0;
        const add = (written: Written) => {
          link.add(toxic(written, `toxic${named}`));
          named += 1;
        };
        chain.forEach(add);
        let pushed = '';
        for (const what of happenings) {
          if ('push' in what) {
            pushed += what.push;
            push(what.push);
          } else if ('wait' in what) environment.advance(what.wait);
          else if ('add' in what) add(what.add);
          else link.remove(`toxic${what.remove}`);
        }
        link.end();
        environment.advance(1_000_000);
        expect(out()).toBe(pushed);
        expect(log.filter((line) => line.endsWith(' closed'))).toHaveLength(1);
        expect(log.at(-1)).toMatch(/ closed$/);
        expect(environment.pending()).toBe(0);
      }),
    );
  });

  test('a limit lets exactly so many bytes pass, from the first', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 20, unit: fc.constantFrom('a', 'b') })), fc.nat(100), (texts, bytes) => {
        const { link, out, push } = bench([['limit_data', { bytes }]]);
        texts.forEach(push);
        link.end();
        expect(out()).toBe(texts.join('').slice(0, bytes));
      }),
    );
  });

  test('slices cover the bytes, none larger than size and variation', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3000 }),
        fc.integer({ min: 1, max: 100 }),
        fc.nat(),
        fc.integer(),
        (length, size, part, seed) => {
          const variation = part % size;
          const ends = slices(0, length, { average_size: size, size_variation: variation, delay: 0 }, seededRandom(seed));
          expect(ends.at(-1)).toBe(length);
          ends.forEach((end, i) => {
            const slice = end - (ends[i - 1] ?? 0);
            expect(slice).toBeGreaterThan(0);
            expect(slice).toBeLessThanOrEqual(size + variation);
          });
        },
      ),
    );
  });
});
