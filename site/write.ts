import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { schemaFiles } from '../runner/cases/json-schema.ts';
import { registry } from '../runner/registry.ts';
import { casePages, casesIndex } from './case-pages.ts';
import { commandPage, declaredProgram } from './command-page.ts';
import { readProtocols } from './corpora.ts';
import { guidePages } from './guides.ts';
import { navigation } from './navigation.ts';
import type { Entry, Page } from './page.ts';
import { requirementPages, requirementsIndex } from './requirement-pages.ts';
import { schemaPages, schemasIndex } from './schema-pages.ts';

/** All that is written before the site is built. */
export interface SiteMatter {
  readonly pages: readonly Page[];
  /** Files of the project that pages lead to. */
  readonly files: readonly string[];
  readonly navigation: readonly Entry[];
}

/** Reads the documents, the corpora, the schemas and the declarations of a project folder, and makes pages of them. */
export async function siteMatter(root: string): Promise<SiteMatter> {
  const protocols = await readProtocols();
  const languages = await Promise.all(Object.values(registry).map((entry) => entry.protocol()));
  const schemas = schemaFiles(languages).map(({ path, text }) => ({ path, schema: JSON.parse(text) as unknown }));
  const names = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
  const documents = new Map(names.map((name) => [`docs/${name}`, readFileSync(join(root, 'docs', name), 'utf8')]));
  const guides = guidePages(documents, (path) => statSync(join(root, path), { throwIfNoEntry: false })?.isFile() === true);
  const titles = new Map(guides.pages.map(({ path, text }) => [path.replace(/\.md$/, ''), /^# (.+)$/m.exec(text)?.[1] ?? path]));
  return {
    pages: [
      ...guides.pages,
      commandPage(declaredProgram()),
      schemasIndex(schemas),
      ...schemaPages(schemas),
      requirementsIndex(protocols),
      ...protocols.flatMap(requirementPages),
      casesIndex(protocols),
      ...protocols.flatMap(casePages),
    ],
    files: [...new Set([...guides.files, ...schemas.map(({ path }) => path)])],
    navigation: navigation(titles, protocols, schemas),
  };
}

/** Writes pages, files and navigation into a folder, which is emptied first. */
export function writeMatter({ pages, files, navigation: entries }: SiteMatter, root: string, folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  for (const { path, text } of pages) write(path, text);
  write('navigation.json', JSON.stringify(entries));
  for (const path of files) {
    const target = join(folder, 'public', 'files', path);
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(join(root, path), target);
  }
  for (const name of readdirSync(join(root, 'docs')).filter((each) => each.endsWith('.svg')))
    copyFileSync(join(root, 'docs', name), join(folder, name));
}
