import type { CaseRun } from '../results/result.ts';
import { whileBusy } from './busy.ts';
import { weirRun } from './weir.ts';

/** A case-run that did not come to the same verdict every time. */
export interface Unstable {
  /** `river/rpc/add@client+json`, without the number of the repeat. */
  readonly id: string;
  /** How often each verdict was given. */
  readonly verdicts: Readonly<Record<string, number>>;
  /** What was found where it was not the usual verdict. */
  readonly message: string | undefined;
}

/** The case-runs whose repeats differ. */
export function unstable(runs: readonly CaseRun[]): readonly Unstable[] {
  const byId = new Map<string, CaseRun[]>();
  for (const run of runs) {
    const id = run.id.replace(/#\d+$/, '');
    const repeats = byId.get(id);
    if (repeats === undefined) byId.set(id, [run]);
    else repeats.push(run);
  }
  return [...byId].flatMap(([id, repeats]) => {
    const verdicts: Record<string, number> = {};
    for (const { verdict } of repeats) verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
    if (Object.keys(verdicts).length === 1) return [];
    const message = repeats.find(({ verdict }) => verdict !== 'pass')?.findings[0]?.message;
    return [{ id, verdicts, message }];
  });
}

/** Runs the corpus in the real world with every core kept busy by others. `args` go to `weir run`. */
export async function measureStability(
  args: readonly string[],
): Promise<{ runs: number; durationMs: number; unstable: readonly Unstable[] }> {
  const { results } = await whileBusy(() => weirRun(['--world', 'real', ...args]));
  return { runs: results.runs.length, durationMs: results.durationMs, unstable: unstable(results.runs) };
}
