import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { findManifest, MANIFEST_FILE, readManifest } from '../adapters/manifest.ts';
import type { RowSubject } from './row.ts';

/** Where implementations are looked for. */
export interface SubjectSearch {
  /** Folder of the implementations that come with Weir. */
  readonly builtin: string;
  /** Relative references start here. */
  readonly cwd: string;
  /** Others, as `weir run --implementation` takes them; one with `@version` is that version alone. */
  readonly others: readonly string[];
}

/** A row to be, and the file that describes it; undefined for the reference pair. */
export interface Subject extends RowSubject {
  readonly manifest: string | undefined;
}

/** The rows of a protocol: the reference pair, then every implementation that speaks it, by name, its versions in the manifest's order. */
export function subjectsOf(protocol: string, version: string, search: SubjectSearch): Subject[] {
  const builtin = readdirSync(search.builtin, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  const found = [...builtin.filter((name) => hasManifest(join(search.builtin, name))), ...search.others].flatMap((reference) =>
    columnsOf(reference, search),
  );
  const reference: Subject = {
    id: 'reference',
    name: 'reference',
    title: 'Reference pair',
    version,
    reference: true,
    roles: ['client', 'server'],
    manifest: undefined,
  };
  const own = found.filter((each) => each.protocol === protocol);
  return [reference, ...own.map(({ protocol: _, ...subject }) => subject)];
}

/** What one reference names: a row for each version, or for the one after `@`. */
function columnsOf(reference: string, { cwd, builtin }: SubjectSearch): (Subject & { readonly protocol: string })[] {
  const { file, label } = findManifest(reference, { cwd, builtin });
  const manifest = readManifest(file);
  const { labels } = manifest;
  const bare = label === undefined ? reference : reference.slice(0, -label.length - 1);
  const chosen = label !== undefined ? [label] : labels.length > 0 ? labels : [undefined];
  return chosen.map((each) => ({
    id: each === undefined ? bare : `${bare}@${each}`,
    name: manifest.name,
    title: manifest.title,
    version: each === undefined ? (manifest.version ?? '') : (manifest.versions?.[each]?.version ?? each),
    language: manifest.language,
    ...(manifest.url === undefined ? {} : { url: manifest.url }),
    reference: false,
    roles: manifest.roles,
    protocol: manifest.protocol,
    manifest: file,
  }));
}

function hasManifest(folder: string): boolean {
  return readdirSync(folder).includes(MANIFEST_FILE);
}
