import type { Protocol } from '../protocols/common/protocol.ts';
import type { Completed } from './execute/case-run.ts';
import { isTimed } from './judge/punctuality.ts';
import type { CaseRun, Finding } from './results/result.ts';

/** So many case-runs of one cause are confirmed by one of them; by another one for as many more. */
const FOR_ONE_SAMPLE = 8;

/** Who found something that has another cause than what the implementation does in that case-run alone. */
const OF_ITS_OWN = new Set<Finding['judge']>(['binding', 'adapter', 'harness']);

/**
 * What case-runs must have in common so that a second run of one stands for the others: role, verdict and all fingerprints, and where a finding
 * turns on time also the file and the checkpoint. Undefined where only its own second run says anything: it came late or in a process
 * that was new, it is a pass that should be none, or what broke was an adapter or the harness, or shows only beside another binding.
 */
export function causeOf(
  { verdict, expected, role, findings }: CaseRun,
  { timeliness, assignment }: Pick<Completed, 'timeliness' | 'assignment'>,
  protocol: Pick<Protocol, 'timedInvariants'>,
): string | undefined {
  if (timeliness !== 'in-time' || verdict === 'unclear' || expected === 'stale-known-failure') return undefined;
  if (findings.length === 0 || findings.some(({ judge }) => OF_ITS_OWN.has(judge))) return undefined;
  const causes = findings.map((finding) =>
    isTimed(finding, protocol) ? [finding.fingerprint, assignment.case.file, finding.checkpoint] : [finding.fingerprint],
  );
  return JSON.stringify([role, verdict, expected, ...new Set(causes.map((cause) => cause.join(' ')).sort())]);
}

/** The members of a list in groups of those that have a cause in common, in the order of their first. */
export function alikeAmong<T>(all: readonly T[], cause: (each: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const each of all) {
    const alike = groups.get(cause(each));
    if (alike === undefined) groups.set(cause(each), [each]);
    else alike.push(each);
  }
  return [...groups.values()];
}

/** Whether a second run shows what the first did: its verdict, for the same reasons. */
export function repeats(second: CaseRun, first: CaseRun): boolean {
  const seen = new Set(second.findings.map(({ fingerprint }) => fingerprint));
  return second.verdict === first.verdict && first.findings.every(({ fingerprint }) => seen.has(fingerprint));
}

/** Those of a list by which all of it is confirmed, spread over it: one, and one more for every eight. */
export function samplesOf<T>(alike: readonly T[]): T[] {
  const count = Math.ceil(alike.length / FOR_ONE_SAMPLE);
  return alike.filter((_, i) => Math.floor(((i + 1) * count) / alike.length) > Math.floor((i * count) / alike.length));
}
