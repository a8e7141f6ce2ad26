import type { Protocol } from '../../protocols/common/protocol.ts';
import type { Catalogue } from '../cases/case.ts';
import type { Completed } from '../execute/case-run.ts';
import type { PlannedRun } from '../plan/plan.ts';

/** What judging takes beside the files: today's protocol and catalogue. */
export interface Law {
  readonly protocol: Protocol;
  readonly catalogue: Catalogue;
}

/** Something judged without an implementation, ready to be told. */
export interface Rejudged {
  readonly planned: PlannedRun;
  readonly completed: Completed;
}
