import type { CaseRun } from '../results/result.ts';
import { breaksBuild } from '../results/standing.ts';

/**
 * Why a case-run breaks a build, for the message of a test: what was found, with the rules, and the command that makes it happen again.
 * Undefined where it does not: it passed, warned, was skipped, or failed as a list of known failures says.
 */
export function objectionTo(run: Pick<CaseRun, 'verdict' | 'expected' | 'findings' | 'reproduce' | 'title'>): string | undefined {
  if (!breaksBuild(run)) return undefined;
  const found =
    run.expected === 'stale-known-failure'
      ? ['it is listed as a known failure, and passes']
      : run.findings.map(({ requirement, message }) => (requirement === undefined ? message : `${requirement}: ${message}`));
  return [run.title, ...found.map((each) => `  ${each}`), `  again: ${run.reproduce}`].join('\n');
}
