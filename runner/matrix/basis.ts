import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot, packageVersion } from '../package-root.ts';

/** Folders of what is built of the parts that a verdict hangs on. */
const JUDGING = [
  'brokers',
  'protocols',
  'reference-client',
  'reference-server',
  ...['adapters', 'execute', 'faults', 'judge', 'masking', 'plan', 'toxics', 'worlds'].map((part) => join('runner', part)),
];

/** Files of it, which say how a run is conducted and what is confirmed. */
const CONDUCTING = ['cause', 'conduct', 'confirm'].map((part) => join('runner', `${part}.js`));

/** What every row of a protocol hangs on: a hash of its corpus, and of what runs and judges it. */
export function basisOf(protocol: string): string {
  const hash = createHash('sha256').update(packageVersion());
  hashTree(join(packageRoot(), 'cases', protocol), hash);
  for (const part of JUDGING) hashTree(join(packageRoot(), 'dist', part), hash);
  for (const file of CONDUCTING) hash.update(readFileSync(join(packageRoot(), 'dist', file)));
  return hash.digest('hex');
}

function hashTree(folder: string, hash: ReturnType<typeof createHash>): void {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(yaml|js)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const file of files) hash.update(file.slice(folder.length)).update(readFileSync(file));
}
