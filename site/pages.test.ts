import { expect, test } from 'vitest';
import { packageRoot } from '../runner/package-root.ts';
import { registry } from '../runner/registry.ts';
import { addressOfCase, addressOfRequirement } from './addresses.ts';
import { readProtocols } from './corpora.ts';
import { guidePages } from './guides.ts';
import { block, code, prose, row } from './page.ts';
import { schemaPages } from './schema-pages.ts';
import { siteMatter } from './write.ts';

const protocols = await readProtocols();
const { pages } = await siteMatter(packageRoot());
const textOf = (address: string): string => pages.find(({ path }) => `/${path.replace(/\.md$/, '')}` === address.split('#')[0])?.text ?? '';

/** Whether the page of an address has a heading for its anchor. */
const stands = (address: string): boolean => textOf(address).includes(`{#${address.split('#')[1]}}`);

test('every protocol of the registry is told', () => {
  expect(protocols.map(({ name }) => name)).toEqual(Object.keys(registry));
});

test.each(protocols.map((protocol) => [protocol.name, protocol] as const))(
  '%s: each case file and each requirement has its own address',
  (name, protocol) => {
    const cases = protocol.files.map(({ id }) => addressOfCase(id));
    const rules = protocol.requirements.map(({ id }) => addressOfRequirement(name, id));
    const addresses = [...cases, ...rules];
    expect(cases.length).toBeGreaterThan(0);
    expect(rules.length).toBeGreaterThan(0);
    expect(new Set(addresses).size).toBe(addresses.length);
    expect(addresses.filter((address) => !stands(address))).toEqual([]);
  },
);

test('a case says its rules, a rule its cases', () => {
  expect(textOf('/cases/river/rpc')).toContain('[RIVER-STREAM-RPC-01](/requirements/river/stream-rpc#river-stream-rpc-01)');
  expect(textOf('/requirements/river/stream-rpc')).toContain('[river/rpc/add](/cases/river/rpc#add)');
});

test('commands stand with the options that they declare', () => {
  const text = textOf('/reference/commands');
  expect(text).toContain('## weir run {#weir-run}');
  expect(text).toContain('## weir baseline write {#weir-baseline-write}');
  expect(text).toContain('`--upstream <url>`');
});

test('a schema is told member by member, and one that holds itself comes to an end', () => {
  const schema = {
    title: 'A tree',
    type: 'object',
    properties: { name: { type: 'string', description: 'what it <is>' }, kids: { type: 'array', items: { $ref: '#' } } },
    required: ['name'],
  };
  const [page] = schemaPages([{ path: 'docs/schemas/tree.schema.json', schema }]);
  expect(page?.path).toBe('reference/schemas/tree.md');
  expect(page?.text).toContain('| `name` | string | what it &#60;is&#62; |');
  expect(page?.text).toContain('| `kids` | list (optional) |  |');
});

test('links of guides lead to pages, to copies of files, or are words', () => {
  const documents = new Map([
    ['docs/README.md', 'see [b](b.md#c) and [case](../cases/x.yaml), [all](../cases)'],
    ['docs/b.md', 'back to [a](README.md), out to [there](https://example.org)'],
  ]);
  const { pages: made, files } = guidePages(documents, (path) => path === 'cases/x.yaml');
  expect(made).toEqual([
    { path: 'index.md', text: 'see [b](./b.md#c) and [case](/files/cases/x.yaml){target="_self"}, all' },
    { path: 'b.md', text: 'back to [a](./index.md), out to [there](https://example.org)' },
  ]);
  expect(files).toEqual(['cases/x.yaml']);
});

test('text of others is no markup', () => {
  expect(prose('a <b> {{ c }} *d* `e`')).toBe('a &#60;b&#62; &#123;&#123; c &#125;&#125; \\*d\\* \\`e\\`');
  expect(code('a `b` c')).toBe('`` a `b` c ``');
  expect(block('yaml', 'a: |\n  ```\n')).toBe('````yaml\na: |\n  ```\n````');
  expect(row('a | b')).toBe('| a \\| b |');
});
