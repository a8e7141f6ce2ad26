import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseKnownFailures } from '../adapters/known-failures.ts';
import { manifestGrammar } from '../adapters/manifest-grammar.ts';
import { languages, templatesOf } from '../cli/commands/init/languages.ts';
import { scaffold, workflow } from './scaffold.ts';
import { fill } from './template.ts';

const facts = {
  name: 'mine',
  protocol: 'river',
  brokered: false,
  timers: { t: 1000 },
  bindings: ['a', 'b'],
  kinds: ['k', 'l'],
  features: ['f'],
  first: 'river/rpc/add',
};
const products = languages().flatMap((language) =>
  ([['client'], ['server'], ['client', 'server']] as const).map((roles) => ({ language, name: language.name, roles })),
);

describe('what weir init writes', () => {
  test.each(products)('in $name for $roles: a manifest, an adapter without gaps, an empty list', ({ language, roles }) => {
    const files = new Map(scaffold({ ...facts, roles }, language, templatesOf(language)).map(({ path, text }) => [path, text]));
    expect(manifestGrammar.parse(parse(files.get('implementation.yaml') ?? ''))).toMatchObject({ name: 'mine', protocol: 'river', roles });
    const uncommented = (files.get('implementation.yaml') ?? '').replace('# timers:', 'timers:');
    expect(manifestGrammar.parse(parse(uncommented))).toMatchObject({ timers: { t: 1000 } });
    expect(parseKnownFailures('known-failures.yaml', files.get('known-failures.yaml') ?? '')).toEqual([]);
    const adapter = files.get(language.adapter) ?? '';
    expect(adapter).not.toMatch(/__[A-Z]+__|<\/?(client|server|broker|listen)>/);
    expect(/\bserve\(/i.test(adapter)).toBe(roles.some((role) => role === 'server'));
    expect(/\bconnect\(/i.test(adapter)).toBe(roles.some((role) => role === 'client'));
  });

  test('a gap that nobody knows stays, so that it is seen', () => {
    expect(fill('__NAME__ __NOTHING__', { ...facts, roles: ['client'] })).toBe('mine __NOTHING__');
  });

  test.each(languages())('a server in $name is told to listen, or to dial the broker where there is one', (language) => {
    const adapterOf = (brokered: boolean): string => {
      const files = scaffold({ ...facts, brokered, roles: ['server'] }, language, templatesOf(language));
      return files.find(({ path }) => path === language.adapter)?.text ?? '';
    };
    expect(adapterOf(false)).toMatch(/on a free port/i);
    expect(adapterOf(false)).not.toContain('space');
    expect(adapterOf(true)).toMatch(/broker/);
    expect(adapterOf(true)).not.toMatch(/on a free port/i);
  });

  test('lists keep the quotes of the template', () => {
    const text = `['__ROLES__'] ["__BINDINGS__"]`;
    expect(fill(text, { ...facts, roles: ['client', 'server'] })).toBe(`['client', 'server'] ["a", "b"]`);
  });

  test('a comment names few of many features', () => {
    const features = Array.from({ length: 9 }, (_, i) => `f${i}`);
    expect(fill('__FEATURES__', { ...facts, roles: ['client'], features })).toBe('f0, f1, f2, f3, f4, f5 and 3 more');
    expect(fill('__FEATURES__', { ...facts, roles: ['client'], features: [] })).toBe('there are none');
  });

  test('the workflow is YAML, whatever the folder is called', () => {
    const steps = parse(workflow('mine', './a "b" c', [{ name: 'Tools', run: 'get tools' }])).jobs.weir.steps;
    expect(steps[2]).toEqual({ name: 'Tools', run: 'get tools', 'working-directory': './a "b" c' });
    expect(steps[3].run).toContain('--implementation "./a \\"b\\" c"');
  });
});
