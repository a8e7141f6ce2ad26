import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packageRoot } from '../package-root.ts';
import { registry } from '../registry.ts';
import { schemaFiles } from './json-schema.ts';

/** Writes the checked-in JSON Schemas anew: `npm run schemas`. */
const languages = await Promise.all(Object.values(registry).map((entry) => entry.protocol()));
for (const { path, text } of schemaFiles(languages)) {
  const target = join(packageRoot(), path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
  process.stdout.write(`wrote ${path}\n`);
}
