import type { CaseRun } from '../../runner/results/result.ts';

/** What a ladder shows of the run whose trace it is. */
export type LadderRun = Pick<CaseRun, 'findings' | 'role' | 'client' | 'server'>;
