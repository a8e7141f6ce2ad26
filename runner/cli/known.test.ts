import { expect, test } from 'vitest';
import { scopeOf } from './known.ts';

const client = { roles: ['client' as const], codecs: ['json', 'msgpack'] };
const everything = { lastFailed: false };

test('a run is whole that leaves nothing of the implementation out', () => {
  expect(scopeOf([], everything, client, true)).toEqual({ whole: true, everyRole: true, everyCodec: true });
  expect(scopeOf([], { ...everything, role: ['client'], codec: ['msgpack', 'json'] }, client, true)).toEqual({
    whole: true,
    everyRole: true,
    everyCodec: true,
  });
});

test.each([
  ['cases are named', ['rpc/*'], {}, true, {}],
  ['cases are chosen by tag', [], { tag: ['slow'] }, true, {}],
  ['cases are chosen by requirement', [], { requirement: ['X'] }, true, {}],
  ['only what was red is run', [], { lastFailed: true }, true, {}],
  ['variants take the place of cases', [], { sweep: true as const }, true, {}],
  ['it was stopped before the end', [], {}, false, {}],
  ['a codec is left out', [], { codec: ['json'] }, true, { everyCodec: false }],
  ['the role is left out', [], { role: ['server' as const] }, true, { everyRole: false }],
] as const)('a run is not whole where %s', (_what, patterns, changes, reached, axes) => {
  expect(scopeOf(patterns, { ...everything, ...structuredClone(changes) } as Parameters<typeof scopeOf>[1], client, reached)).toEqual({
    whole: false,
    everyRole: true,
    everyCodec: true,
    ...axes,
  });
});
