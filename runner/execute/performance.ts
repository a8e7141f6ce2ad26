import type { Role } from '../../protocols/common/frame.ts';
import type { RunFacts } from '../../protocols/common/invariant.ts';
import type { CallFacts, NormalisedTrace } from '../../protocols/common/normalise.ts';
import type { MatchContext } from '../../protocols/common/protocol.ts';
import type { Trace } from '../../protocols/common/trace.ts';
import type { LoadedCase } from '../cases/case.ts';
import type { Played } from './play.ts';
import type { Punctuality } from './punctual.ts';

/** What was seen of one performance; everything the judges need, and nothing that still moves. */
export interface Performance {
  readonly played: Played;
  readonly punctuality: Punctuality;
  /** Events up to the point where the harness began to take things down. */
  readonly trace: Trace;
  /** All events. */
  readonly wholeTrace: Trace;
  /** Bytes that either end sent on connections, those of frames among them that never were complete; 0 where frames are no bytes. */
  readonly taken: Readonly<Record<Role, number>>;
  readonly calls: readonly CallFacts[];
  readonly facts: RunFacts;
  /** `trace`, fit for comparison. */
  readonly normalised: NormalisedTrace;
  readonly match: MatchContext;
  /** Things an implementation said that fit nothing. */
  readonly strays: readonly string[];
  /** Gives the disk back that a long trace takes; the traces cannot be read afterwards. */
  readonly release: () => void;
}

/** Whether every step was carried out and held. */
export function isComplete(played: Played, loaded: LoadedCase): boolean {
  return played.failure === undefined && played.outcomes.length === loaded.steps.length && played.outcomes.every((outcome) => outcome.ok);
}
