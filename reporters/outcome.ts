import type { CaseRun } from '../runner/results/result.ts';

/** What a case-run is to a CI system: what JUnit, CTRF and TAP have words for. */
export type Outcome =
  | { readonly is: 'passed' }
  /** It fails, as a list says that it does. */
  | { readonly is: 'known'; readonly why: string }
  | { readonly is: 'skipped'; readonly why: string }
  | { readonly is: 'failure' | 'error'; readonly why: string };

/** What a case-run counts as. Known failures break nothing, stale ones do; what nobody confirmed says nothing. */
export function outcomeOf(run: CaseRun): Outcome {
  const { expected, verdict, knownReason = '', findings, apart } = run;
  const first = `${findings[0]?.message ?? verdict}${apart === undefined ? '' : ` (only sometimes: a second run, apart, gave ${apart})`}`;
  switch (expected) {
    case 'stale-known-failure':
      return { is: 'failure', why: `known failure now passes: ${knownReason}` };
    case 'known-failure':
      return { is: 'known', why: `known failure: ${knownReason}` };
    case 'beyond-set':
      return { is: 'skipped', why: 'not in the set' };
    case 'not-confirmed':
      return { is: 'skipped', why: `not confirmed, the run ended before: ${verdict}: ${findings[0]?.message ?? ''}` };
    case 'as-expected':
    case 'new-failure':
      break;
  }
  switch (verdict) {
    case 'skip':
      return { is: 'skipped', why: run.skipReason ?? '' };
    case 'unclear':
      return { is: 'skipped', why: `unclear: ${run.tooSlow ?? ''}` };
    case 'error':
      return { is: 'error', why: first };
    case 'fail':
      return { is: 'failure', why: first };
    case 'pass':
    case 'warn':
    case 'question':
      return { is: 'passed' };
  }
}

/** The area of a case-run, which formats call a suite: `river/reconnect`. */
export function areaOf(run: Pick<CaseRun, 'case'>): string {
  return run.case.split('/').slice(0, 2).join('/');
}
