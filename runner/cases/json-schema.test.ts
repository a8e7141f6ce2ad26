import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../package-root.ts';
import { registry } from '../registry.ts';
import { schemaFiles } from './json-schema.ts';
import { readCorpusFiles } from './load.ts';
import { fillIn } from './steps.ts';

const languages = await Promise.all(Object.values(registry).map((entry) => entry.protocol()));
const files = schemaFiles(languages);

describe('the checked-in schemas', () => {
  test.each(files)('$path is what the sources say (npm run schemas)', ({ path, text }) => {
    expect(readFileSync(join(packageRoot(), path), 'utf8')).toBe(text);
  });
});

describe.each(languages)('the schema of $name cases', ({ name }) => {
  const schema: unknown = JSON.parse(files.find(({ path }) => path === `cases/${name}/case.schema.json`)?.text ?? '{}');
  const validate = new Ajv2020({ strict: false }).compile(schema as object);
  const cases = readCorpusFiles(join(packageRoot(), 'cases', name), () => true).filter(({ path }) => path.includes('/'));

  test('accepts every case of the corpus, long texts written out', () => {
    const refused = cases.filter(({ text }) => !validate(fillIn(load(text), {}))).map(({ path }) => path);
    expect(refused).toEqual([]);
  });

  test('every case names it, so that editors find it', () => {
    const without = cases.filter(({ text }) => !text.startsWith('# yaml-language-server: $schema=../case.schema.json\n'));
    expect(without.map(({ path }) => path)).toEqual([]);
  });

  test('refuses an unknown step, an unknown key and two keys in a step', () => {
    const head = { title: 'A title long enough', requirements: ['X-1'], 'under-test': 'client' };
    expect(validate({ ...head, steps: [{ finish: 'a' }] })).toBe(true);
    expect(validate({ ...head, steps: [{ finnish: 'a' }] })).toBe(false);
    expect(validate({ ...head, steps: [{ send: { to: 'a', reqest: {} } }] })).toBe(false);
    expect(validate({ ...head, steps: [{ finish: 'a', cancel: 'a' }] })).toBe(false);
    expect(validate({ ...head, stepz: [], steps: [{ finish: 'a' }] })).toBe(false);
  });
});
