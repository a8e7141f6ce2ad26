import { expect, it } from 'vitest';
import { refuseContradictions } from './contradictions.ts';

it.each([
  ['an end that nobody is against', { against: 'x' }, /--against/],
  ['an implementation in the simulated world', { world: 'simulated', implementation: 'x' }, /an implementation lives in the real world/],
  ['a Toxiproxy in it', { world: 'simulated', toxiproxyUrl: 'http://127.0.0.1:1' }, /a Toxiproxy lives in the real world/],
  ['a Redis in it', { world: 'simulated', redisUrl: 'redis://127.0.0.1:1' }, /a Redis lives in the real world/],
] as const)('%s is refused', (_what, options, message) => {
  expect(() => refuseContradictions(options)).toThrow(message);
});

it.each([
  ['nothing', {}],
  ['the simulated world', { world: 'simulated' }],
  ['two implementations in the real one', { implementation: 'x', against: 'y', world: 'real', redisUrl: 'redis://127.0.0.1:1' }],
] as const)('%s is taken', (_what, options) => {
  expect(() => refuseContradictions(options)).not.toThrow();
});
