import type { Automaton, Past, RunFacts } from '../../common/invariant.ts';
import type { Check } from '../../common/judging.ts';
import { type ListeningInvariant, listeningInvariant } from '../../common/listening.ts';
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
export type LedgerInvariant = ListeningInvariant<ClamatorMessage, Judging>;

/** Makes one that keeps a ledger of its own where it is started alone. */
export function ledgerInvariant(
  name: string,
  requirements: readonly string[],
  start: (facts: RunFacts, check: Check) => Judging,
): LedgerInvariant {
  return listeningInvariant(followLedger, name, requirements, (check, facts) => start(facts, check));
}

/** Keeps the ledger: which answer is of which command is worked out once for all. */
export function followLedger(_facts: RunFacts, all: readonly Judging[]): Automaton<ClamatorMessage> {
  const ledger = startLedger();
  return {
    observe(event) {
      const happenings = ledger.observe(event);
      for (const judging of all) {
        judging.see?.(event);
        for (const happening of happenings) judging.judge(happening);
      }
    },
    forget(past) {
      ledger.forget(past);
      for (const judging of all) judging.forget?.(past);
    },
    finish() {},
  };
}
