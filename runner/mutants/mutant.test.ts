import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { packageRoot } from '../package-root.ts';
import { loadMutants } from './mutant.ts';
import { patched } from './patch.ts';

const root = packageRoot();

describe.each(readdirSync(join(root, 'mutants')))('the mutants of %s', (protocol) => {
  const mutants = loadMutants(join(root, 'mutants', protocol));

  it('fit the sources as they are, and compile', () => {
    for (const mutant of mutants) {
      for (const { file } of mutant.patches) {
        const source = patched(readFileSync(join(root, file), 'utf8'), file, mutant);
        expect(() => transformSync(source, { loader: 'ts' }), mutant.id).not.toThrow();
      }
    }
  });

  it('are at least 150, of both peers', () => {
    expect(mutants.filter(({ equivalent }) => equivalent === undefined).length).toBeGreaterThanOrEqual(150);
    expect(new Set(mutants.map(({ role }) => role))).toEqual(new Set(['client', 'server']));
  });

  it('break requirements that there are', () => {
    const catalogue: readonly { readonly id: string }[] = parse(readFileSync(join(root, 'cases', protocol, 'requirements.yaml'), 'utf8'));
    const known = new Set(catalogue.map(({ id }) => id));
    for (const { id, requirement } of mutants)
      expect(
        requirement.filter((each) => !known.has(each)),
        id,
      ).toEqual([]);
  });
});
