import { expect, test } from 'vitest';
import { rsocket } from '../../protocols/rsocket/protocol.ts';
import type { ArmedFault } from '../faults/armed.ts';
import { createSecrets } from '../masking/secrets.ts';
import { createRecorder } from '../worlds/recorder.ts';
import { guessBinding } from './guess.ts';
import { startFeed } from './live-feed.ts';

function following() {
  const [binding] = rsocket.bindings;
  if (binding === undefined) throw new Error('there is a binding');
  const faults = { armed: [] as ArmedFault[], revision: 0, asked: 0 };
  const { masker } = createSecrets();
  const tap = {
    recorder: createRecorder(rsocket, binding.name, () => 0),
    guess: guessBinding(rsocket, binding.carrier, binding.name),
    reader: { behind: () => 0, rests: () => true, read: () => 0, end: () => {} },
    tally: () => ({ examined: { client: new Set<string>(), server: new Set<string>(), broker: new Set<string>() }, broken: [] }),
    armed() {
      faults.asked += 1;
      return faults.armed;
    },
    armedRevision: () => faults.revision,
  };
  const counts = { frames: 0, connections: 0, ms: 0 };
  return { faults, feed: startFeed({ protocol: rsocket, tap, counts, masker, requirementOf: () => undefined }) };
}

test('faults are news to each page once they have changed, or have done something, and are not looked at before', () => {
  const { faults, feed } = following();
  const page = feed.follow();
  expect(page.news(false)).toMatchObject({ anew: true, faults: { armed: [], done: [] } });
  for (let i = 0; i < 10; i += 1) expect(page.news(false)).toBeUndefined();
  expect(faults.asked).toBe(1);
  faults.armed.push({ id: 1, what: 'drop: {}', skip: 0 });
  faults.revision += 1;
  expect(page.news(false)?.faults?.armed).toEqual(faults.armed);
  expect(page.news(false)).toBeUndefined();
  feed.fault({ n: 0, t: 5, type: 'fault', connection: undefined, what: 'armed: drop: {}' });
  const later = feed.follow();
  for (const each of [page, later]) expect(each.news(false)?.faults?.done).toEqual([{ t: 5, what: 'armed: drop: {}' }]);
  for (const each of [page, later]) expect(each.news(false)).toBeUndefined();
});
