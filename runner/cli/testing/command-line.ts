import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll } from 'vitest';
import { builtMain } from '../../package-root.ts';

/** The built command line. */
export const main = builtMain();

/** The command line in a temporary folder of its own, which is gone when the tests of the file are over. */
export function commandLine(name: string) {
  const folder = mkdtempSync(join(tmpdir(), `weir-${name}-`));
  afterAll(() => rmSync(folder, { recursive: true }));
  const weir = (...words: string[]) => execa(process.execPath, [main, ...words], { cwd: folder, reject: false, env: { NO_COLOR: '1' } });
  return { folder, weir };
}
