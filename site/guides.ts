import { join, relative } from 'node:path/posix';
import { mapLinks } from './markdown.ts';
import type { Page } from './page.ts';

/** The guides as pages, and the files of the project that they lead to, which the site brings along. */
export interface Guides {
  readonly pages: readonly Page[];
  /** Paths in the project. */
  readonly files: readonly string[];
}

/**
 * Makes pages of `docs/*.md` (text by path in the project). Links between them stay; those to other files of the project lead to copies
 * of them in the site, those to folders become their names, since a site has no listing of one. Pure.
 */
export function guidePages(documents: ReadonlyMap<string, string>, isFile: (path: string) => boolean): Guides {
  const files = new Set<string>();
  const pages = [...documents].map(([path, text]) => {
    const linked = mapLinks(text, ({ text: words, target }) => {
      if (/^([a-z]+:|#|\/)/.test(target)) return undefined;
      const [file = '', anchor = ''] = target.split('#');
      const to = join(path, '..', file);
      if (documents.has(to)) return `[${words}](${address(path, to)}${anchor === '' ? '' : `#${anchor}`})`;
      if (!isFile(to)) return words;
      files.add(to);
      return `[${words}](/files/${to}){target="_self"}`;
    });
    return { path: pageOf(path), text: linked };
  });
  return { pages, files: [...files] };
}

/** Where a guide stands among the pages: `docs/README.md` is the first page. */
function pageOf(path: string): string {
  return relative('docs', path).replace(/(^|\/)README\.md$/, '$1index.md');
}

function address(from: string, to: string): string {
  const way = relative(join(pageOf(from), '..'), pageOf(to));
  return way.startsWith('.') ? way : `./${way}`;
}
