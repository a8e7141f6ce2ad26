import type { JobOutcome, Notice } from '../mutants/crew.ts';
import { caseIdOf } from '../plan/run-id.ts';
import type { Variant } from './variant.ts';

/** What came of a variant. */
export interface VariantOutcome {
  readonly variant: Variant;
  /** Case-runs. */
  readonly runs: number;
  /** Case-runs whose trace is another than that of the peers as they are, by id; none where the liberty shows nowhere, which proves nothing. */
  readonly shown: readonly string[];
  /** Case-runs that do not pass. */
  readonly alarms: readonly Notice[];
}

/** Compares what a variant did with what the peers as they are do; `digests` is by run id. */
export function outcomeOf(
  variant: Variant,
  { runs, notices, digests }: Pick<JobOutcome, 'runs' | 'notices' | 'digests'>,
  unpatched: ReadonlyMap<string, string>,
): VariantOutcome {
  // Where it takes a side of a dispute, nothing but a question may come of that.
  const alarms = notices.filter(({ verdict }) => variant.disputes === undefined || verdict !== 'question');
  const shown = [...digests].filter(([run, digest]) => unpatched.get(run) !== digest).map(([run]) => run);
  return { variant, runs, shown, alarms };
}

/** True where nothing is to be mended: the liberty shows, and no judge minds it. */
export function isAtPeace({ shown, alarms }: VariantOutcome): boolean {
  return shown.length > 0 && alarms.length === 0;
}

/** A variant in a line, and below it what is to be mended; at most `most` case-runs of it. */
export function outcomeLines({ variant, runs, shown, alarms }: VariantOutcome, most: number): string[] {
  const state = alarms.length > 0 ? `${alarms.length} do not pass` : 'pass';
  const lines = [`${variant.id} (${variant.area}): ${runs} case-runs, ${shown.length} otherwise than the reference peer's, ${state}`];
  if (shown.length === 0)
    lines.push('  no trace differs from that of the reference peer: the corpus never meets the liberty, or the patch has no effect');
  for (const { run, witnesses } of alarms.slice(0, most)) {
    lines.push(`  ${run}`, ...witnesses.map(({ judge, checkpoint, message }) => `    ${judge} ${checkpoint}: ${message}`));
  }
  if (alarms.length > most) lines.push(`  and ${alarms.length - most} more`);
  return lines;
}

/** How a variant that its share did not show is told, once all that it reaches has been run: which cases its `shown-by` should name. */
export function seldomLine({ variant, runs, shown }: VariantOutcome): string {
  const cases = [...new Set(shown.map(caseIdOf))];
  return `${variant.id} shows in none of its share, so that all ${runs} were run: shown-by: [${cases.join(', ')}]`;
}

/** The outcomes as plain data, for `--json`. */
export function plainOutcomes(outcomes: readonly VariantOutcome[]): unknown {
  return {
    schema: 'weir-variants/1',
    variants: outcomes.map(({ variant: { id, area, role, what, 'allowed-by': allowedBy }, shown, ...counts }) => ({
      ...{ id, area, role, what, allowedBy },
      shown: shown.length,
      ...counts,
    })),
  };
}
