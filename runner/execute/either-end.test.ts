import { expect, test } from 'vitest';
import { ROLES } from '../../protocols/common/frame.ts';
import type { World } from '../worlds/world.ts';
import type { Completed } from './case-run.ts';
import { runCorpus } from './corpus-run.ts';
import { pairRun } from './testing/pair-run.ts';

const PLAYED_ALIKE = (result: number, trace: 'equivalent' | 'free'): string => `title: A case of the tests
requirements: [RIVER-STREAM-RPC-02, RIVER-STREAM-RPC-01]
under-test: [client, server]
steps:
  - invoke: { as: sum, procedure: test.add, init: { n: 4 } }
  - receive: { from: sum, ok: { result: ${result} } }
  - end: sum
trace: ${trace}
`;

const OF_ONE_ROLE = PLAYED_ALIKE(4, 'free').replace('under-test: [client, server]', 'under-test: client');

/** Runs a case of the reference pair for each of its roles, under both bindings; `performed` is how often, golden traces aside. */
async function ran(text: string, sameEnds: boolean): Promise<{ completed: readonly Completed[]; performed: number }> {
  const { loaded, run } = await pairRun(text);
  let performed = 0;
  const world: World = {
    ...run.world,
    run: (setting, play) => {
      performed += 1;
      return run.world.run(setting, play);
    },
  };
  const completed: Completed[] = [];
  await runCorpus(
    { ...run, world, sameEnds },
    ROLES.filter((role) => loaded.roles.includes(role)).flatMap((role) =>
      ['json', 'msgpack'].map((binding) => ({ id: `river/test@${role}+${binding}`, case: loaded, role, binding, repeat: 1 })),
    ),
    (each) => {
      // Nothing of it may be given back before all that go by it are told.
      expect(each.performance?.wholeTrace.length).toBeGreaterThan(0);
      completed.push(each);
    },
  );
  return { completed, performed };
}

const summary = ({ completed }: Awaited<ReturnType<typeof ran>>) =>
  completed
    .map(({ assignment, judged, performance }) => ({ id: assignment.id, judged, trace: performance?.trace.length }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));

test.each([
  ['that passes', PLAYED_ALIKE(4, 'equivalent'), 2, 4],
  ['that is compared with nothing', PLAYED_ALIKE(4, 'free'), 2, 4],
  // Where it went on after a step that did not hold may hang on who is judged.
  ['that breaks off', PLAYED_ALIKE(5, 'equivalent'), 4, 4],
  ['of one role', OF_ONE_ROLE, 2, 2],
])('a case %s is performed once for either role, and judged as if each had its own', async (_name, text, together, apart) => {
  const [shared, own] = [await ran(text, true), await ran(text, false)];
  expect({ shared: shared.performed, own: own.performed }).toEqual({ shared: together, own: apart });
  expect(shared.completed).toHaveLength(apart);
  expect(summary(shared)).toEqual(summary(own));
});
