import type { Automaton, Invariant, InvariantReport, Past, RunFacts } from '../../common/invariant.ts';
import { type Check, checkInto } from '../../common/judging.ts';
import type { TraceEvent } from '../../common/trace.ts';
import type { Happening } from '../happening.ts';
import { startLedger } from '../ledger.ts';
import type { ClamatorMessage } from '../message.ts';

/** An invariant's eyes on what is carried out. */
export interface Judging {
  /** What an event means; called once for each. */
  judge(happening: Happening): void;
  /** The event itself, before what it means. */
  see?(event: TraceEvent<ClamatorMessage>): void;
  /** Lets go of what is past. */
  forget?(past: Past): void;
}

/** An invariant over what ends and broker say to each other, as it is carried out. */
export interface LedgerInvariant extends Invariant<ClamatorMessage> {
  /** Starts it for who keeps the ledger. */
  startJudging(facts: RunFacts, report: InvariantReport): Judging;
}

/** Makes one that keeps a ledger of its own where it is started alone. */
export function ledgerInvariant(
  name: string,
  requirements: readonly string[],
  start: (facts: RunFacts, check: Check) => Judging,
): LedgerInvariant {
  const invariant: LedgerInvariant = {
    name,
    requirements,
    startJudging: (facts, report) => start(facts, checkInto(report)),
    start: (facts, report) => startOverLedger([invariant], facts, () => report),
  };
  return invariant;
}

/** Starts many as one automaton: which answer is of which command is worked out once for all of them. */
export function startOverLedger(
  invariants: readonly LedgerInvariant[],
  facts: RunFacts,
  reportOf: (invariant: LedgerInvariant) => InvariantReport,
): Automaton<ClamatorMessage> {
  const ledger = startLedger();
  const judgings = invariants.map((invariant) => invariant.startJudging(facts, reportOf(invariant)));
  return {
    observe(event) {
      const happenings = ledger.observe(event);
      for (const judging of judgings) {
        judging.see?.(event);
        for (const happening of happenings) judging.judge(happening);
      }
    },
    forget(past) {
      ledger.forget(past);
      for (const judging of judgings) judging.forget?.(past);
    },
    finish() {},
  };
}
