import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../package-root.ts';
import { idsInSet } from '../plan/case-set.ts';
import { protocolEntry } from '../registry.ts';
import { loadHeads } from './load.ts';
import { loadSet, setNames } from './load-set.ts';

/** Protocols whose corpora are still being written: they have no set yet. */
const UNFINISHED: readonly string[] = ['clamator'];

describe.each(readdirSync(join(packageRoot(), 'cases')))('the frozen sets of %s', (name) => {
  const folder = join(packageRoot(), 'cases', name);

  test.skipIf(UNFINISHED.includes(name))('there is one', () => {
    expect(setNames(folder).length).toBeGreaterThan(0);
  });

  test.each(setNames(folder))('%s has cases that there are, under the id they have or had', async (set) => {
    const { cases } = loadHeads({ folder, language: await protocolEntry(name).protocol() });
    const ids = new Set(cases.flatMap(({ id, aliases }) => [id, ...aliases]));
    expect([...loadSet(folder, set).cases].filter((id) => !ids.has(id))).toEqual([]);
  });
});

test('a case belongs to a set under its id, an id it had, and as a variant of a sweep', () => {
  const set = { name: 'v1', title: 'A set', cut: '2026-01-01', cases: new Set(['river/a', 'river/old']) };
  expect(idsInSet({ id: 'river/a', aliases: [] }, set)).toEqual(['river/a']);
  expect(idsInSet({ id: 'river/a~drop:client:1', aliases: [] }, set)).toEqual(['river/a~drop:client:1']);
  expect(idsInSet({ id: 'river/new', aliases: ['river/old'] }, set)).toEqual(['river/old']);
  expect(idsInSet({ id: 'river/b', aliases: [] }, set)).toEqual([]);
});
