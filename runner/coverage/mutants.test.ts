import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { plainMatrix } from '../mutants/matrix.ts';
import { packageRoot } from '../package-root.ts';
import { mutantsByRequirement, presentMutants, readKilled } from './mutants.ts';

const folder = mkdtempSync(join(tmpdir(), 'weir-coverage-'));
afterAll(() => rmSync(folder, { recursive: true }));

const mutants = [
  { id: 'one', requirement: ['R-1', 'R-2'] },
  { id: 'two', requirement: ['R-1'] },
  { id: 'same', requirement: ['R-3'], equivalent: 'nobody can tell' },
];

test('mutants are listed for each requirement that they break, but for equivalent ones', () => {
  expect([...mutantsByRequirement(mutants, undefined)]).toEqual([
    ['R-1', { listed: ['one', 'two'], killed: undefined }],
    ['R-2', { listed: ['one'], killed: undefined }],
  ]);
});

test('with a run it is known which of them were killed', () => {
  expect(mutantsByRequirement(mutants, new Set(['two'])).get('R-1')).toEqual({ listed: ['one', 'two'], killed: ['two'] });
  expect(mutantsByRequirement(mutants, new Set(['two'])).get('R-2')).toEqual({ listed: ['one'], killed: [] });
});

test('who was killed is read from what a run of mutants wrote', () => {
  const file = join(folder, 'matrix.json');
  const killed = (id: string, fate: 'killed' | 'survived') => ({
    mutant: { id, area: 'client-x', role: 'client' as const, what: 'some mistake', requirement: ['R-1'], patches: [] },
    ...{ fate, notices: [], runs: 1 },
  });
  const matrix = { areas: [], idleCases: [], idleInvariants: [], killsOfCase: new Map(), killsOfInvariant: new Map() };
  writeFileSync(file, JSON.stringify(plainMatrix({ ...matrix, mutants: [killed('one', 'killed'), killed('two', 'survived')] })));
  expect([...readKilled(file)]).toEqual(['one']);
});

test.each([
  ['no file', 'none.json', undefined, /cannot read .*: there is no such file/],
  ['no JSON', 'text.json', 'text', /cannot be read/],
  ['other JSON', 'other.json', '{"schema":"weir/1"}', /is not what/],
])('%s is refused', (_what, name, content, message) => {
  const file = join(folder, name);
  if (content !== undefined) writeFileSync(file, content);
  expect(() => readKilled(file)).toThrow(message);
});

test('the mutants are left out where the package has none', () => {
  expect(presentMutants(folder, 'river')).toBeUndefined();
  expect(presentMutants(packageRoot(), 'river')?.length).toBeGreaterThan(0);
});
