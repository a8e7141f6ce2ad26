import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { LoadedCase } from '../cases/case.ts';
import type { Step } from '../cases/step.ts';
import { dealByWork } from './deal.ts';
import type { PlannedRun } from './plan.ts';

/** What dealing looks at: cases of so many steps, each with so many runs. */
function planOf(cases: readonly { readonly steps: number; readonly runs: number }[]): PlannedRun[] {
  return cases.flatMap(({ steps, runs }, i) => {
    const loaded = { id: `case-${i}`, steps: Array.from({ length: steps }, () => ({}) as Step) } as unknown as LoadedCase;
    return Array.from({ length: runs }, (_, repeat) => ({ id: `case-${i}#${repeat}`, case: loaded, repeat }) as unknown as PlannedRun);
  });
}

const work = (part: readonly PlannedRun[]): number => part.reduce((sum, { case: { steps } }) => sum + steps.length + 20, 0);

it('gives what is much a part of its own, wherever it stands', () => {
  const parts = dealByWork(planOf([...Array.from({ length: 30 }, () => ({ steps: 5, runs: 2 })), { steps: 1500, runs: 1 }]), 2);
  expect(parts.map((part) => part.length)).toEqual([1, 60]);
});

it('leaves nothing out, keeps the runs of a case together and in order, and no part has more than another by more than a case', () => {
  const cases = fc.array(fc.record({ steps: fc.nat(300), runs: fc.integer({ min: 1, max: 8 }) }), { maxLength: 40 });
  fc.assert(
    fc.property(cases, fc.integer({ min: 1, max: 5 }), (drawn, count) => {
      const planned = planOf(drawn);
      const parts = dealByWork(planned, count);
      expect(parts).toHaveLength(count);
      expect(
        parts
          .flat()
          .map(({ id }) => id)
          .sort(),
      ).toEqual(planned.map(({ id }) => id).sort());
      const owners = new Map<string, number>();
      for (const [i, part] of parts.entries()) {
        expect(part).toEqual(planned.filter((run) => part.includes(run)));
        for (const run of part) {
          expect(owners.get(run.case.id) ?? i).toBe(i);
          owners.set(run.case.id, i);
        }
      }
      const most = Math.max(0, ...drawn.map(({ steps, runs }) => (steps + 20) * runs));
      const works = parts.map(work);
      expect(Math.max(...works) - Math.min(...works)).toBeLessThanOrEqual(most);
    }),
  );
});
