import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadCases } from '../cli/load.ts';
import { patched } from '../mutants/patch.ts';
import { packageRoot } from '../package-root.ts';
import { loadVariants } from './variant.ts';

const root = packageRoot();

describe.each(readdirSync(join(root, 'variants')))('the variants of %s', (protocol) => {
  const variants = loadVariants(join(root, 'variants', protocol));

  it('fit the sources as they are, and compile', () => {
    for (const variant of variants) {
      for (const file of new Set(variant.patches.map((patch) => patch.file))) {
        const source = patched(readFileSync(join(root, file), 'utf8'), file, variant);
        expect(() => transformSync(source, { loader: 'ts' }), variant.id).not.toThrow();
      }
    }
  });

  it('are thirty or more, of both roles, listed by role', () => {
    expect(variants.length).toBeGreaterThanOrEqual(30);
    for (const role of ['client', 'server'] as const) {
      const own = variants.filter((variant) => variant.role === role);
      expect(own.length).toBeGreaterThanOrEqual(15);
      expect(own.filter(({ area }) => !area.startsWith(`${role}-`))).toEqual([]);
    }
  });

  it('name requirements that there are', () => {
    const catalogue: readonly { readonly id: string }[] = parse(readFileSync(join(root, 'cases', protocol, 'requirements.yaml'), 'utf8'));
    const known = new Set(catalogue.map(({ id }) => id));
    for (const { id, 'allowed-by': sources } of variants) {
      const named = sources.flatMap((source) => source.match(/\b[A-Z]+(-[A-Z]+)+-\d+\b/g) ?? []);
      expect(
        named.filter((requirement) => !known.has(requirement)),
        id,
      ).toEqual([]);
    }
  });

  it('name cases that there are', async () => {
    const named = new Set(variants.flatMap(({ 'shown-by': shownBy = [] }) => shownBy));
    const { corpus } = await loadCases(protocol, named);
    expect(corpus.cases.map(({ id }) => id).toSorted()).toEqual([...named].toSorted());
  });
});
