import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** It does not move while it runs, and is asked for with every case-run. */
const ROOT = findRoot();

/** Folder of the package: where `cases/` and `implementations/` are, whether this runs from source or compiled. */
export function packageRoot(): string {
  return ROOT;
}

function findRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('the package is incomplete: no package.json above its own files');
    folder = parent;
  }
  return folder;
}

/** The built command line, to be started by Node. */
export function builtMain(): string {
  return join(packageRoot(), 'dist', 'runner', 'cli', 'main.js');
}

/** Version of the package. */
export function packageVersion(): string {
  const parsed: unknown = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'));
  return typeof parsed === 'object' && parsed !== null && 'version' in parsed ? String(parsed.version) : '0';
}
