import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { withWords } from '../adapters/words.ts';
import { makeFolder } from '../files/make-folder.ts';
import { packageRoot } from '../package-root.ts';
import { registry } from '../registry.ts';
import { schemaFiles } from './json-schema.ts';
import { loadCorpus } from './load.ts';

/** Writes the checked-in JSON Schemas anew: `npm run schemas`. */
const languages = await Promise.all(Object.values(registry).map((entry) => entry.protocol()));
for (const { path, text } of schemaFiles(languages)) {
  const target = join(packageRoot(), path);
  makeFolder(dirname(target));
  writeFileSync(target, text);
  process.stdout.write(`wrote ${path}\n`);
}
const guide = join(packageRoot(), 'docs', 'adapters.md');
const worded = languages.map((protocol) => {
  const { features } = loadCorpus({ folder: join(packageRoot(), 'cases', protocol.name), language: protocol, only: () => false });
  return { ...protocol, features };
});
writeFileSync(guide, withWords(readFileSync(guide, 'utf8'), worded));
process.stdout.write('wrote the words of the protocols into docs/adapters.md\n');
