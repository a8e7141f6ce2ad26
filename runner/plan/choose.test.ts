import { describe, expect, test } from 'vitest';
import type { LoadedCase } from '../cases/case.ts';
import { chooseRuns } from './choose.ts';
import type { PlannedRun } from './plan.ts';

const BINDINGS = ['json', 'msgpack'];

/** A run of a file with axes; only what choosing looks at. */
function run(file: string, values: Readonly<Record<string, string>>, binding: string, more: Partial<PlannedRun> = {}): PlannedRun {
  const id = [file, ...Object.values(values)].join('/');
  const loaded = { id, combination: { file, values } } as unknown as LoadedCase;
  return { id: `${id}@client+${binding}`, case: loaded, role: 'client', binding, repeat: 1, skip: undefined, ...more } as PlannedRun;
}

function table(file: string, a: number, b: number, c: number): PlannedRun[] {
  const up = (n: number): string[] => Array.from({ length: n }, (_, i) => `v${i}`);
  return up(a).flatMap((x) => up(b).flatMap((y) => up(c).flatMap((z) => BINDINGS.map((binding) => run(file, { x, y, z }, binding)))));
}

function valuesOf({ case: { combination }, binding }: PlannedRun): string[] {
  return [...Object.entries(combination?.values ?? {}).map(([axis, value]) => `${axis}=${value}`), binding];
}

const pairs = (each: PlannedRun): string[] => valuesOf(each).flatMap((one, i, all) => all.slice(i + 1).map((other) => `${one} ${other}`));

const ids = (runs: readonly PlannedRun[]): string[] => runs.map(({ id }) => id);

describe('how much of a product is run', () => {
  const whole = table('river/t', 5, 4, 3);

  test('full is all', () => {
    expect(chooseRuns(whole, 'full')).toEqual({ planned: whole, leftOut: [] });
  });

  test('pairwise has every two values together that go together, in far fewer runs', () => {
    const { planned, leftOut } = chooseRuns(whole, 'pairwise');
    expect(new Set(planned.flatMap(pairs))).toEqual(new Set(whole.flatMap(pairs)));
    expect(planned.length).toBeLessThanOrEqual(30);
    expect(planned.length + leftOut.length).toBe(whole.length);
    expect(ids(planned)).toEqual(ids(whole).filter((id) => planned.some((each) => each.id === id)));
  });

  test('smoke has every value, in as many runs as the longest axis has values', () => {
    const { planned } = chooseRuns(whole, 'smoke');
    expect(new Set(planned.flatMap(valuesOf))).toEqual(new Set(whole.flatMap(valuesOf)));
    expect(planned.length).toBe(5);
  });

  test('combinations that are left out are asked of nobody', () => {
    const some = whole.filter(({ case: { combination } }) => combination?.values['x'] !== 'v0' || combination.values['y'] !== 'v0');
    const { planned } = chooseRuns(some, 'pairwise');
    expect(new Set(planned.flatMap(pairs))).toEqual(new Set(some.flatMap(pairs)));
  });

  test('the choice does not change when other cases are there, or stand in another order', () => {
    const alone = ids(chooseRuns(whole, 'pairwise').planned);
    const among = chooseRuns([...table('river/s', 3, 3, 3), ...[...whole].reverse()], 'pairwise').planned;
    expect(
      ids(among)
        .filter((id) => id.startsWith('river/t/'))
        .sort(),
    ).toEqual([...alone].sort());
  });

  test('roles are chosen for apart, repeats together; skips and cases without axes stay', () => {
    const server = whole.map((each) => ({ ...each, role: 'server', id: each.id.replace('client', 'server') }) as PlannedRun);
    const single = chooseRuns(whole, 'smoke').planned.length;
    expect(chooseRuns([...whole, ...server], 'smoke').planned).toHaveLength(2 * single);
    const twice = whole.flatMap((each) => [each, { ...each, id: `${each.id}#2`, repeat: 2 }]);
    expect(chooseRuns(twice, 'smoke').planned).toHaveLength(2 * single);
    const skipped = whole.map((each) => ({ ...each, skip: 'why' }));
    expect(chooseRuns(skipped, 'smoke').planned).toEqual(skipped);
    const plain = { ...run('river/plain', {}, 'json'), case: { id: 'river/plain' } } as PlannedRun;
    expect(chooseRuns([plain, ...whole], 'smoke').planned).toContain(plain);
  });
});
