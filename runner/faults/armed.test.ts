import { expect, test } from 'vitest';
import { armedFaults } from './armed.ts';
import { startFaults } from './state.ts';

test('each fault at work is told with what it has struck and what it will still strike', () => {
  const state = startFaults();
  const strike = { id: 1, type: 'strike', strike: { word: 'drop' }, kept: [], says: 'drop: {}' } as const;
  state.rules.push(
    { ...strike, kept: [], aim: { pattern: {}, skip: 2, left: 3, struck: 0 } },
    { ...strike, id: 2, kept: [], aim: { pattern: {}, skip: 0, left: Number.POSITIVE_INFINITY, struck: 4 } },
    { id: 4, type: 'stall', connections: new Set([1, 2]), from: 'client', kept: [], lifted: false },
    { id: 5, type: 'refuse', how: 'reset', left: 1, of: 'client-2' },
    { id: 7, type: 'refuse', how: 'silent', left: Number.POSITIVE_INFINITY },
  );
  expect(armedFaults(state)).toEqual([
    { id: 1, what: 'drop: {}', skip: 2, struck: 0, left: 3 },
    { id: 2, what: 'drop: {}', skip: 0, struck: 4 },
    { id: 4, what: 'stall: { from: client }', skip: 0, connections: [1, 2] },
    { id: 5, what: 'refuse: { of: client-2 }', skip: 0, left: 1 },
    { id: 7, what: 'refuse: { how: silent }', skip: 0 },
  ]);
});
