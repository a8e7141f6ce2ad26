import { expect, test } from 'vitest';
import { againAs } from './again.ts';

test('a replay is repeated with what was said of it, as a shell takes it', () => {
  expect(againAs('bundles/a@client+json.json', {})).toBe('npx weir replay bundles/a@client+json.json');
  expect(againAs('my bundles/a.json', { implementation: './my server', redisUrl: 'redis://127.0.0.1:7', allowRemote: true })).toBe(
    "npx weir replay 'my bundles/a.json' --implementation './my server' --redis-url redis://127.0.0.1:7 --allow-remote",
  );
});
