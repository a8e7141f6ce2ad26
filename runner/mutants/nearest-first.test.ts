import { expect, test } from 'vitest';
import { nearestFirst } from './nearest-first.ts';

const run = (id: string, steps: number, ...requirements: string[]) => ({
  case: { id, requirements, tags: id.endsWith('slow') ? ['long'] : [], steps: Array.from({ length: steps }, () => ({})) as never },
});

test('what names a requirement of the peer comes first, then its area, then the rest, the shorter ones first', () => {
  const runs = [
    run('p/rpc/slow', 1, 'R-1'),
    run('p/rpc/long', 5),
    run('p/rpc/short', 1),
    run('p/cancel/a', 9),
    run('p/rpc/named', 9, 'R-2'),
    run('p/x/named', 2, 'R-2', 'R-1'),
    run('p/rpc/named', 9, 'R-2'),
  ];
  const ids = nearestFirst(runs, { requirements: ['R-1', 'R-2'], area: 'client-cancel' }).map((each) => each.map((own) => own.case.id));
  expect(ids).toEqual([['p/x/named'], ['p/rpc/named', 'p/rpc/named'], ['p/rpc/slow'], ['p/cancel/a'], ['p/rpc/short'], ['p/rpc/long']]);
});
