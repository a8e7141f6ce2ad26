import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { builtMain } from '../package-root.ts';
import type { Results } from '../results/result.ts';
import { readResults } from './results-file.ts';

/** What came of `weir run` in a process of its own. */
export interface RanApart {
  /** Undefined where it wrote none. */
  readonly results: Results | undefined;
  /** The last line that it said. */
  readonly lastWords: string;
}

/** Runs `weir run` with these words in a process of its own, which leaves its results and no traces in a folder; `stop` ends it. */
export async function runApart(words: readonly string[], output: string, stop?: AbortSignal): Promise<RanApart> {
  const all = ['run', ...words, '--output', output, '--report', 'junit', '--traces', 'none'];
  const ran = await execa(process.execPath, [builtMain(), ...all], {
    reject: false,
    all: true,
    env: { NO_COLOR: '1' },
    // Weir ends its adapters when it is asked to end.
    ...(stop === undefined ? {} : { cancelSignal: stop, killSignal: 'SIGTERM', forceKillAfterDelay: 30_000 }),
  });
  const file = join(output, 'results.json');
  return { results: existsSync(file) ? readResults(file) : undefined, lastWords: (ran.all ?? '').trim().split('\n').at(-1) ?? '' };
}
