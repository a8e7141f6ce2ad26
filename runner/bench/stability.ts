import { withoutRepeat } from '../plan/run-id.ts';
import type { Results } from '../results/result.ts';
import { whileBusy } from './busy.ts';
import { weirRun } from './weir.ts';

/** A case-run that did not come to the same verdict every time. */
export interface Unstable {
  /** `river/rpc/add@client+json`, without the number of the repeat. */
  readonly id: string;
  /** How often each verdict was given. */
  readonly verdicts: Readonly<Partial<Record<string, number>>>;
  /** What was found where it was not the usual verdict. */
  readonly message: string | undefined;
}

/** The case-runs whose repeats differ. */
export function unstable({ rates = [], runs }: Pick<Results, 'rates' | 'runs'>): readonly Unstable[] {
  return rates.flatMap(({ id, counts }) => {
    if (Object.keys(counts).length === 1) return [];
    const unusual = runs.find((run) => withoutRepeat(run.id) === id && run.verdict !== 'pass');
    return [{ id, verdicts: counts, message: unusual?.findings[0]?.message }];
  });
}

/** Runs the corpus in the real world with every core kept busy by others. `args` go to `weir run`. */
export async function measureStability(
  args: readonly string[],
): Promise<{ runs: number; durationMs: number; unstable: readonly Unstable[] }> {
  const { results } = await whileBusy(() => weirRun(['--world', 'real', ...args]));
  return { runs: results.runs.length, durationMs: results.durationMs, unstable: unstable(results) };
}
