import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { plain } from '../../../../protocols/common/plain.ts';
import { shellWord } from '../../../../reporters/console/shell-word.ts';
import { MANIFEST_FILE } from '../../../adapters/manifest.ts';
import type { Bundle } from '../../../bundles/format.ts';
import { packageRoot } from '../../../package-root.ts';
import { UsageError } from '../../exit.ts';
import { findNamed } from '../../open.ts';

/**
 * What to run for a bundle whose implementation nobody named: a bundle is data, so only what comes with Weir, or what the person
 * at the terminal agrees to. Undefined for the reference pair. Throws a `UsageError` that says how to name it.
 */
export async function trusted({ implementation }: Pick<Bundle, 'implementation'>): Promise<string | undefined> {
  if (implementation === undefined) return undefined;
  const { named, label } = implementation;
  const whole = label === undefined || named.endsWith(`@${label}`) ? named : `${named}@${label}`;
  const [, name = '', column = ''] = /^([a-z0-9][\w.-]*)(@.*)?$/.exec(whole) ?? [];
  const builtin = join(packageRoot(), 'implementations', name);
  // By its path: a folder of that name may lie where the command was given.
  if (name !== '' && existsSync(join(builtin, MANIFEST_FILE))) return `${builtin}${column}`;
  if (await agreed(whole)) return whole;
  throw new UsageError(
    `the bundle is of the implementation ${plain(JSON.stringify(whole))}, which is no part of Weir; a bundle runs nothing by itself.\n` +
      `If you trust it, name it: --implementation ${plain(shellWord(whole))}`,
  );
}

/** Whether the person at the terminal wants that program run; nobody else can say so. */
async function agreed(named: string): Promise<boolean> {
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) return false;
  const { file, command } = await findNamed(named).catch(() => ({ file: undefined, command: [] }));
  if (file === undefined) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(
      `The bundle names ${plain(file)}, which runs\n  ${plain(command.map(shellWord).join(' '))}\nRun it? (y/N) `,
    );
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
