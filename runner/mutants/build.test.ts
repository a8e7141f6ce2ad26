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
