import { type Concerning, explains } from './adapters/known-failures.ts';
import type { FirstRun } from './confirm.ts';
import { isFine } from './judge/verdict.ts';
import type { CaseRun } from './results/result.ts';
import { breaksBuild } from './results/standing.ts';

/**
 * Whether a first verdict is told although a second run gave a better one: it breaks the build, and for something that neither other runs nor
 * a busy machine excuse and that no list explains. Then it is a bug that shows only sometimes. Where a run beside it broke or
 * flooded the process of both, only a frame that breaks a rule of every trace is sure to be the implementation's own doing.
 */
export function standsDespite(second: CaseRun, { first, completed, disturbed }: FirstRun, listed: Concerning): boolean {
  if (!breaksBuild(first) || !(isFine(second.verdict) || second.verdict === 'unclear')) return false;
  const entries = listed(first);
  const own = completed.unexcused.filter(({ judge }) => !disturbed || judge === 'invariant');
  return own.some((finding) => !entries.some((entry) => explains(entry, finding)));
}
