import { type SweepKind, sweepKinds } from '../../protocols/common/promises.ts';
import type { Protocol } from '../../protocols/common/protocol.ts';
import type { Golden } from '../execute/golden.ts';
import type { PlannedRun } from '../plan/plan.ts';
import { runId } from '../plan/run-id.ts';
import { canBeTold, deriveCase, isBridged, isNominal, kindsOf, type Variant, variantName, variantsOf } from './derive.ts';

/** What to sweep: kinds (`cut-before`) and single variants (`cut-before:client:3`); empty: everything. */
export interface Sweep {
  readonly ok: true;
  readonly kinds: readonly SweepKind[];
  readonly variants: readonly string[];
}

/** Reads the words after `--sweep`; the problem names the kinds there are. */
export function parseSweep(words: readonly string[]): Sweep | { readonly ok: false; readonly problem: string } {
  const kinds: SweepKind[] = [];
  const variants: string[] = [];
  for (const word of words) {
    const kind = sweepKinds.find((each) => each === word.split(':')[0]);
    if (kind === undefined || !/^[a-z-]+(:(client|server):[1-9]\d*)?$/.test(word)) {
      const what = `--sweep takes ${sweepKinds.join(', ')}, each alone or with a frame as in cut-before:client:3`;
      return { ok: false, problem: `${what}; not ${word}` };
    }
    if (word.includes(':')) variants.push(word);
    else kinds.push(kind);
  }
  return { ok: true, kinds, variants };
}

/** Replaces every planned run of a nominal case by the runs of its variants. Runs of other cases, and skipped ones, fall away. */
export async function expandSweep(
  planned: readonly PlannedRun[],
  sweep: Sweep,
  protocol: Protocol,
  goldenOf: (planned: PlannedRun) => Promise<Golden>,
): Promise<PlannedRun[]> {
  const possible = kindsOf(protocol);
  const wanted = (variant: Variant): boolean =>
    sweep.kinds.length + sweep.variants.length === 0 || sweep.kinds.includes(variant.kind) || sweep.variants.includes(variantName(variant));
  const expanded: PlannedRun[] = [];
  for (const run of planned) {
    if (run.skip !== undefined || !isNominal(run.case)) continue;
    const golden = await goldenOf(run);
    if (!golden.ok || golden.trace === undefined) continue;
    for (const variant of variantsOf(golden.trace, possible, protocol).filter(wanted)) {
      if (!isBridged(protocol, variant.kind) && !canBeTold(run.case)) continue;
      const derived = deriveCase(run.case, variant, protocol);
      expanded.push({ ...run, case: derived, id: runId(derived.id, run.role, run.binding, run.repeat) });
    }
  }
  return expanded;
}
