import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot, packageVersion } from '../package-root.ts';
import { registry } from '../registry.ts';
import { parseChoices } from './choice.ts';
import { subjectsOf } from './subjects.ts';

test.each([
  ['a pattern that may take for ever', 'brook: { cases: ["!(a)"], rows: [] }', /choice\.yaml:1:\d+: .*!\(/s],
  ['no cases', 'brook: { cases: [], rows: [] }', /choice\.yaml:1:\d+/],
  ['an unknown key', 'brook: { cases: [a], rows: [], jobs: 3 }', /unknown key `jobs`/],
  ['a pair of one', 'brook: { cases: [a], rows: [], pairs: { cases: [a], rows: [b] } }', /choice\.yaml:1:\d+/],
])('%s is refused with its place', (_, text, message) => expect(() => parseChoices('choice.yaml', text)).toThrow(message));

test('what is published is of protocols and rows that there are', () => {
  const file = join(packageRoot(), 'reports/matrix.yaml');
  const choices = parseChoices(file, readFileSync(file, 'utf8'));
  expect(Object.keys(choices).toSorted()).toEqual(Object.keys(registry).toSorted());
  for (const [protocol, { rows, pairs }] of Object.entries(choices)) {
    const all = subjectsOf(protocol, packageVersion(), { builtin: join(packageRoot(), 'implementations'), cwd: packageRoot(), others: [] });
    const names = new Set(all.flatMap(({ id, name }) => [id, name]));
    expect([...rows, ...(pairs?.rows ?? [])].filter((row) => !names.has(row))).toEqual([]);
    // One row for a pair, not a version after the other.
    expect((pairs?.rows ?? []).filter((row) => !all.some(({ id }) => id === row))).toEqual([]);
  }
});
