import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { shares } from './share.ts';

const V = { id: 'v' };
const RUNS = Array.from({ length: 300 }, (_, i) => `a/case-${i}@client+json`);

describe('the share of a peer in what it reaches', () => {
  it('is all of it where that is little', () => {
    expect(shares([V], new Map([['v', ['b', 'a']]]), 2).get('v')).toEqual(['b', 'a']);
  });

  test('is so much of it, each run once, and the same every time', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string()), fc.integer({ min: 1, max: 50 }), (runs, most) => {
        const share = shares([V], new Map([['v', runs]]), most).get('v') ?? [];
        expect(share).toHaveLength(Math.min(most, runs.length));
        expect(new Set(share).size).toBe(share.length);
        expect(share.every((run) => runs.includes(run))).toBe(true);
        if (runs.length > most) expect(shares([V], new Map([['v', runs.toReversed()]]), most).get('v')).toEqual(share);
      }),
    );
  });

  it('is another for another peer, so that ten that reach the same reach nearly all of it between them', () => {
    const peers = Array.from({ length: 10 }, (_, i) => `variant-${i}`);
    const each = shares(
      peers.map((id) => ({ id })),
      new Map(peers.map((peer) => [peer, RUNS])),
      100,
    );
    expect(new Set([...each.values()].flat()).size).toBeGreaterThan(280);
  });

  it('holds every run of the cases that are known to show it', () => {
    const reached = new Map([['v', [...RUNS, 'a/rare@client+json', 'a/rare@client+msgpack', 'a/rare/too@client+json']]]);
    const share = shares([{ ...V, 'shown-by': ['a/rare'] }], reached, 2).get('v');
    expect(share).toEqual(['a/rare@client+json', 'a/rare@client+msgpack']);
    expect(shares([{ ...V, 'shown-by': ['a/rare'] }], reached, 100).get('v')).toEqual(expect.arrayContaining([...(share ?? [])]));
  });
});
