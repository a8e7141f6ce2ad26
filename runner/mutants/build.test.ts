import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { packageRoot } from '../package-root.ts';
import { withBuilder } from './build.ts';

test('what two builders write under one name is not mixed up, and goes with each', async () => {
  const places = await withBuilder(packageRoot(), (one) =>
    withBuilder(packageRoot(), async (other) => {
      const written = [await one.write('as-it-is', 'one'), await other.write('as-it-is', 'other')];
      expect(written.map((path) => readFileSync(path, 'utf8'))).toEqual(['one', 'other']);
      return written;
    }),
  );
  expect(places.map((path) => existsSync(path))).toEqual([false, false]);
});

test('of a protocol only the peers of a role that are asked for are built', async () => {
  const file = 'protocols/common/value.ts';
  const built = await withBuilder(packageRoot(), async ({ text }) => {
    const change = (path: string, source: string): string => (path === file ? `${source}\nexport const CHANGED = 1;` : source);
    return Promise.all([text([file], 'all', change), text([file], 'one', change, { protocol: 'connect', roles: ['client'] })]);
  });
  const sources = built.map((each) => each.match(/^\/\/ reference-.*$/gm) ?? []);
  expect(sources[0]?.some((source) => source.startsWith('// reference-server/river/'))).toBe(true);
  expect(sources[1]).toContain('// reference-client/connect/index.ts');
  expect(sources[1]?.filter((source) => !/^\/\/ reference-client\/(connect|common)\//.test(source))).toEqual([]);
});
