import { expect, test } from 'vitest';
import { EXIT } from './exit.ts';
import { holdAgainst, type JudgedKey, scopeOf } from './known.ts';

const client = { roles: ['client' as const], bindings: ['json', 'msgpack'] };
const everything = { lastFailed: false };

test('a run is whole that leaves nothing of the implementation out', () => {
  expect(scopeOf([], everything, client, true)).toEqual({ whole: true, everyRole: true, everyBinding: true });
  expect(scopeOf([], { ...everything, role: ['client'], binding: ['msgpack', 'json'] }, client, true)).toEqual({
    whole: true,
    everyRole: true,
    everyBinding: true,
  });
});

test.each([
  ['cases are named', ['rpc/*'], {}, true, {}],
  ['cases are chosen by tag', [], { tag: ['slow'] }, true, {}],
  ['cases are chosen by requirement', [], { requirement: ['X'] }, true, {}],
  ['only what was red is run', [], { lastFailed: true }, true, {}],
  ['variants take the place of cases', [], { sweep: true as const }, true, {}],
  ['it was stopped before the end', [], {}, false, {}],
  ['a binding is left out', [], { binding: ['json'] }, true, { everyBinding: false }],
  ['the role is left out', [], { role: ['server' as const] }, true, { everyRole: false }],
] as const)('a run is not whole where %s', (_what, patterns, changes, reached, axes) => {
  expect(scopeOf(patterns, { ...everything, ...structuredClone(changes) } as Parameters<typeof scopeOf>[1], client, reached)).toEqual({
    whole: false,
    everyRole: true,
    everyBinding: true,
    ...axes,
  });
});

test('what was left out of products makes nothing stale that is listed of it, nor unmatched', async () => {
  const one: JudgedKey = { case: 'toy/table/a', role: 'client', binding: 'json' };
  const other: JudgedKey = { case: 'toy/table/b', aliases: ['toy/old'], role: 'client', binding: 'json' };
  const passed = { ...one, verdict: 'pass', findings: [] } as unknown as Parameters<typeof holdAgainst>[0][number];
  const known = { label: undefined, strict: false, whole: true, everyRole: true, everyBinding: true };
  const code = (name: string, leftOut: readonly JudgedKey[]): Promise<number> =>
    holdAgainst([passed], { ...known, entries: [{ case: name, reason: 'why' }], leftOut }, EXIT.ok);
  expect(await code('toy/table/*', [])).toBe(EXIT.findings);
  expect(await code('toy/table/*', [other])).toBe(EXIT.ok);
  expect(await code('toy/old', [])).toBe(EXIT.usage);
  expect(await code('toy/old', [other])).toBe(EXIT.ok);
});
