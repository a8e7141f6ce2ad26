import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fifo } from './fifo.ts';

interface Item {
  readonly i: number;
}

const step = fc.oneof(
  { weight: 3, arbitrary: fc.constant('push' as const) },
  { weight: 3, arbitrary: fc.constant('shift' as const) },
  { weight: 1, arbitrary: fc.constant('unshift' as const) },
);

describe('what waits in order', () => {
  it('is what an array would hold, whatever is put and taken', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const fifo = new Fifo<Item>();
        const model: Item[] = [];
        for (const [i, name] of steps.entries()) {
          if (name === 'shift') expect(fifo.shift()).toBe(model.shift());
          else {
            const item = { i };
            fifo[name](item);
            model[name](item);
          }
          expect([fifo.length, fifo.first]).toEqual([model.length, model[0]]);
        }
        expect([...fifo]).toEqual(model);
      }),
    );
  });
});
