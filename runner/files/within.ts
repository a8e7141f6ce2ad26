import { realpathSync } from 'node:fs';
import { isAbsolute, join, normalize, relative, sep } from 'node:path';

/**
 * Whether what somebody else's file names beside itself stays in its folder: by its name, and by where links lead. What is not there
 * stays by its name alone.
 */
export function staysWithin(folder: string, path: string): boolean {
  if (!isBelow(normalize(path))) return false;
  const [root, target] = [realPathOf(folder), realPathOf(join(folder, path))];
  return root === undefined || target === undefined || isBelow(relative(root, target));
}

function isBelow(path: string): boolean {
  return !isAbsolute(path) && path !== '..' && !path.startsWith(`..${sep}`);
}

function realPathOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
