import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot, packageVersion } from '../package-root.ts';

/** What is built of the parts that a verdict hangs on. */
const JUDGING = ['protocols', 'reference-client', 'reference-server', 'runner/execute', 'runner/judge', 'runner/worlds', 'runner/plan'];

/** What every row of a protocol hangs on: a hash of its corpus, and of what runs and judges it. */
export function basisOf(protocol: string): string {
  const hash = createHash('sha256').update(packageVersion());
  hashTree(join(packageRoot(), 'cases', protocol), hash);
  for (const part of JUDGING) hashTree(join(packageRoot(), 'dist', part), hash);
  return hash.digest('hex');
}

function hashTree(folder: string, hash: ReturnType<typeof createHash>): void {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(yaml|js)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const file of files) hash.update(file.slice(folder.length)).update(readFileSync(file));
}
