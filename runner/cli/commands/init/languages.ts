import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { LONGEST_WRITTEN, readText } from '../../../files/read.ts';
import { type Language, languageGrammar } from '../../../init/language.ts';
import { packageRoot } from '../../../package-root.ts';

const DESCRIPTION = 'scaffold.yaml';

/** The folder of a language's kit. */
export function kitFolder(language: string): string {
  return join(packageRoot(), 'kits', language);
}

/** The languages for which there is a kit and a beginning, by name. */
export function languages(): readonly Language[] {
  return readdirSync(join(packageRoot(), 'kits'))
    .filter((name) => existsSync(join(kitFolder(name), DESCRIPTION)))
    .sort()
    .map((name) => ({ name, ...languageGrammar.parse(parse(readText(join(kitFolder(name), DESCRIPTION), LONGEST_WRITTEN))) }));
}

/** The files that an adapter in this language begins with, by their names. */
export function templatesOf({ name, adapter, files }: Language): ReadonlyMap<string, string> {
  return new Map([adapter, ...files].map((file) => [file, readText(join(kitFolder(name), 'scaffold', file), LONGEST_WRITTEN)]));
}

/** The files beside a protocol's catalogue that describe its standard services to tools of others, such as a `.proto`; with their folder. */
export function descriptionsOf(protocol: string): readonly string[] {
  const folder = join(packageRoot(), 'cases', protocol);
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.(?:yaml|json)$/.test(entry.name))
    .map(({ name }) => join(folder, name))
    .sort();
}
