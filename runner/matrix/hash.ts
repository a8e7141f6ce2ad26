import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { CaseHead } from '../cases/case.ts';

/** Gives for each case, by id, the hash of its file, by which it is told from what it was; empty for one that is not there. */
export function hashesOf(cases: Iterable<Pick<CaseHead, 'id' | 'file'>>): (id: string) => string {
  const files = new Map([...cases].map(({ id, file }) => [id, file]));
  const hashes = new Map<string, string>();
  return (id) => {
    const file = files.get(id);
    if (file === undefined) return '';
    const hash = hashes.get(file) ?? createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 8);
    hashes.set(file, hash);
    return hash;
  };
}
