import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Role } from '../../protocols/common/frame.ts';
import { runApart } from '../cli/run-apart.ts';
import type { Results } from '../results/result.ts';

/** What to run; everything that is left out is as `weir run` has it. */
export interface RunWeirOptions {
  /** Ids or globs, as on the command line; none: the whole corpus. */
  readonly cases?: readonly string[];
  readonly protocol?: string;
  /** A folder with `implementation.yaml`, the file, or a built-in name; absent: the reference pair. */
  readonly implementation?: string;
  readonly role?: Role;
  readonly binding?: string;
  readonly world?: 'real' | 'simulated';
  readonly seed?: number;
  /** A frozen set to score against: `v2.0`. */
  readonly set?: string;
  /** Broken SHOULDs fail. */
  readonly strict?: boolean;
  /** Further words of the command line: `['--time-scale', '0.5']`. */
  readonly words?: readonly string[];
}

/**
 * Runs the corpus, or some of it, in a process of its own, and gives the results as `results.json` has them, in the corpus' order. A
 * test runner makes a test of each of `runs`, with `objectionTo` for its message. Rejects with what Weir said where nothing could be run:
 * an unknown case, a manifest that is wrong.
 */
export async function runWeir(options: RunWeirOptions = {}): Promise<Results> {
  const output = await mkdtemp(join(tmpdir(), 'weir-run-'));
  try {
    const { results, lastWords } = await runApart(wordsOf(options), join(output, 'run'));
    if (results === undefined) throw new Error(lastWords);
    return results;
  } finally {
    await rm(output, { recursive: true, force: true });
  }
}

function wordsOf({ cases = [], strict, words = [], ...rest }: RunWeirOptions): string[] {
  const named = Object.entries(rest).flatMap(([option, value]) => (value === undefined ? [] : [`--${option}`, String(value)]));
  return [...cases, ...named, ...(strict === true ? ['--strict'] : []), ...words];
}
