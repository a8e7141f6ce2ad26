import { expect, test } from 'vitest';
import { nearestFirst, type Subject, unitsOf } from './nearest-first.ts';

const run = (id: string, steps: number, ...requirements: string[]) => ({
  case: { id, requirements, tags: id.endsWith('slow') ? ['long'] : [], steps: Array.from({ length: steps }, () => ({})) as never },
});

const order = (runs: readonly ReturnType<typeof run>[], subject: Partial<Subject>): string[] =>
  nearestFirst(unitsOf(runs), { name: '', requirements: [], area: '', ...subject }).map((own) => own.map((each) => each.case.id).join(' '));

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
  const ids = order(runs, { requirements: ['R-1', 'R-2'], area: 'client-cancel' });
  expect(ids).toEqual(['p/x/named', 'p/rpc/named p/rpc/named', 'p/cancel/a', 'p/rpc/slow', 'p/rpc/short', 'p/rpc/long']);
});

test('the case that is known to notice comes before all', () => {
  const runs = [run('p/rpc/near', 1, 'R-1'), run('p/cancel/far/slow', 9)];
  expect(order(runs, { requirements: ['R-1'], noticedBy: 'p/cancel/far/slow' })).toEqual(['p/cancel/far/slow', 'p/rpc/near']);
});

test('of equals those come first whose ids have words of its name, the more of them and the rarer they are', () => {
  const fields = ['from', 'seq', 'streamId'].flatMap((field) =>
    ['list', 'text'].map((wrong) => run(`p/field/${field}/${wrong}`, 2, 'R-1')),
  );
  const [first, ...rest] = order(fields, { name: 'server-takes-lists-for-the-stream', requirements: ['R-1'] });
  expect(first).toBe('p/field/streamId/list');
  expect(rest[0]).toBe('p/field/streamId/text');
  expect(rest.slice(1, 3)).toEqual(['p/field/from/list', 'p/field/seq/list']);
  expect(order([run('p/rpc/near', 1), run('p/dates/far', 1)], { name: 'server-dates-revived', area: 'server-codec' })[0]).toBe(
    'p/dates/far',
  );
});
