import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../package-root.ts';
import { registry } from '../registry.ts';
import { readBenchData } from './bench-data.ts';
import { fillIn } from './markdown.ts';
import { sections } from './sections.ts';

const page = readFileSync(join(packageRoot(), 'docs', 'performance.md'), 'utf8');

test.each(['machine', ...sections.map(({ name }) => name)])('the table of %s has a place in docs/performance.md', (name) => {
  expect(fillIn(page, name, 'a table')).toContain(`<!-- bench:${name} -->\n\na table\n\n<!-- /bench:${name} -->`);
});

test.each(Object.keys(registry))('what is measured of %s alone can be read, and what it names is there', (name) => {
  const { growth, 'also-spawned': spawned } = readBenchData(name);
  const paths = [
    ...growth.flatMap(({ file }) => (file === undefined ? [] : [join('cases', name, file)])),
    ...spawned.map((implementation) => join('implementations', implementation)),
  ];
  expect(paths.filter((path) => !existsSync(join(packageRoot(), path)))).toEqual([]);
});
