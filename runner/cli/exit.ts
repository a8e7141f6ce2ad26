import type { CaseRun, Results } from '../results/result.ts';
import { breaksBuild } from '../results/standing.ts';

/** Exit codes of every command. */
export const EXIT = {
  /** As expected. */
  ok: 0,
  /** Findings, or a known failure that now passes. */
  findings: 1,
  /** Usage, or an invalid case or manifest. */
  usage: 2,
  /** The harness itself failed. */
  harness: 3,
} as const;

/** An error of the person who typed the command: shown without a stack, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Does something whose failure is an error of the person who typed the command: an Error that it throws is thrown as a `UsageError` with its words. */
export function asUsage<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** A command that has nothing to do, and need not: told without a stack, exit code 0. */
export class NothingToDo extends Error {
  override readonly name = 'NothingToDo';
}

/** The exit code that a set of case-runs amounts to. */
export function exitCodeOf(all: readonly CaseRun[]): number {
  // What a frozen set does not have, and what nobody confirmed, breaks no build.
  const runs = all.filter((run) => run.expected !== 'beyond-set' && run.expected !== 'not-confirmed');
  if (
    runs.some(
      (run) =>
        run.verdict === 'error' && run.findings.some((finding) => finding.judge === 'harness' && !isAdapters(finding.fingerprint, run)),
    )
  ) {
    return EXIT.harness;
  }
  return runs.some(breaksBuild) ? EXIT.findings : EXIT.ok;
}

/** A harness finding that says the adapter broke, rather than Weir. A case-run that is never over is its doing where it takes part. */
function isAdapters(fingerprint: string, { client, server }: CaseRun): boolean {
  if (/^harness\/none\/timeout\//.test(fingerprint)) return !(client.reference && server.reference);
  return /^harness\/none\/(missing|crashed|hung|garbage)\//.test(fingerprint);
}

/** Why a run had nothing to run, in words. */
export function whyNothing({ runs, shard }: Pick<Results, 'runs' | 'shard'>): string {
  const [first] = runs;
  if (first !== undefined) return `every case-run is skipped, the first because ${first.skipReason ?? 'of something unknown'}`;
  return shard === undefined ? 'there is no case-run' : `there are fewer cases than ${shard.count} parts`;
}
