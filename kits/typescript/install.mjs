// Installs packages into a folder of their own, for the set-up command of a manifest: node install.mjs <folder> <package@version>…
// Does nothing where they are there; several at a time may run, since the folder appears whole.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

const [folder = '', ...packages] = process.argv.slice(2);
const place = resolve(folder);
if (!existsSync(place)) {
  mkdirSync(dirname(place), { recursive: true });
  const scratch = mkdtempSync(`${place}.`);
  writeFileSync(`${scratch}/package.json`, '{ "private": true }');
  const installed = spawnSync('npm', ['install', '--no-fund', '--no-audit', '--prefix', scratch, ...packages], { stdio: ['ignore', 2, 2] });
  if (installed.error !== undefined) throw installed.error;
  if (installed.status !== 0) process.exit(installed.status ?? 1);
  try {
    renameSync(scratch, place);
  } catch (error) {
    // Somebody else was first.
    rmSync(scratch, { recursive: true });
    if (!existsSync(place)) throw error;
  }
}
