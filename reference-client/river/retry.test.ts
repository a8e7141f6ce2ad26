import { describe, expect, it } from 'vitest';
import { DEFAULT_TIMERS } from '../../protocols/river/message.ts';
import { backoffMs, charge, chargedAt, freshBudget, isExhausted, startRefunds } from './retry.ts';

describe('retry budget', () => {
  it('waits nothing first, then doubles up to the cap, with jitter on top', () => {
    const waits = [0, 1, 2, 3, 4, 9].map((charged) => backoffMs(charged, DEFAULT_TIMERS, 0));
    expect(waits).toEqual([0, 150, 300, 600, 1200, 32_000]);
    expect(backoffMs(1, DEFAULT_TIMERS, 0.999)).toBe(349);
    expect(backoffMs(9, DEFAULT_TIMERS, 0.5)).toBe(32_100);
    expect(backoffMs(0, DEFAULT_TIMERS, 0.999)).toBe(0);
  });

  it('is exhausted after as many charges as it holds', () => {
    let budget = freshBudget;
    for (let attempt = 0; attempt < 5; attempt += 1) {
      expect(isExhausted(budget, 0, DEFAULT_TIMERS)).toBe(false);
      budget = charge(budget, 0, DEFAULT_TIMERS);
    }
    expect(isExhausted(budget, 1e9, DEFAULT_TIMERS)).toBe(true);
  });

  it('refunds one unit an interval after a success, never the last', () => {
    const budget = startRefunds({ charged: 4, refundingSince: undefined }, 1000);
    expect([1000, 1199, 1200, 1400, 1600, 9999].map((now) => chargedAt(budget, now, DEFAULT_TIMERS))).toEqual([4, 4, 3, 2, 1, 1]);
  });

  it('stops refunding with the next charge', () => {
    const charged = charge(startRefunds({ charged: 3, refundingSince: undefined }, 0), 250, DEFAULT_TIMERS);
    expect(chargedAt(charged, 1e9, DEFAULT_TIMERS)).toBe(3);
  });
});
