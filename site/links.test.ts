import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dirname, join as joinPath } from 'node:path/posix';
import { expect, test } from 'vitest';
import { packageRoot } from '../runner/package-root.ts';
import { anchorsIn, linksIn } from './markdown.ts';

const root = packageRoot();
const DOCUMENTS = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** Why a link of a document leads nowhere, as it is read on a repository host; undefined where it leads somewhere. */
function objection(document: string, target: string): string | undefined {
  if (/^[a-z]+:/.test(target)) return URL.canParse(target) ? undefined : `${target} is no address`;
  const [path = '', anchor = ''] = target.split('#');
  const to = path === '' ? document : joinPath(dirname(document), path);
  if (!existsSync(join(root, to))) return `nothing at ${target}`;
  if (anchor === '' || !to.endsWith('.md')) return undefined;
  return anchorsIn(readFileSync(join(root, to), 'utf8')).has(anchor) ? undefined : `${to} has no heading ${anchor}`;
}

test.each(DOCUMENTS)('every link of %s leads somewhere', (document) => {
  const links = linksIn(readFileSync(join(root, document), 'utf8'));
  expect(links.flatMap(({ target }) => objection(document, target) ?? [])).toEqual([]);
});

test('the rule finds what breaks it', () => {
  expect(objection('README.md', 'docs/no-such.md')).toBeDefined();
  expect(objection('docs/ci.md', 'failures.md#no-such-heading')).toBeDefined();
  expect(objection('README.md', 'https://')).toBeDefined();
  expect(objection('docs/adapters.md', '#kits')).toBeUndefined();
});

test('the first page leads to every guide', () => {
  const targets = new Set(linksIn(readFileSync(join(root, 'docs/README.md'), 'utf8')).map(({ target }) => target));
  const guides = DOCUMENTS.filter((path) => path.startsWith('docs/') && path !== 'docs/README.md').map((path) => path.replace('docs/', ''));
  expect(guides.filter((guide) => !targets.has(guide))).toEqual([]);
});
