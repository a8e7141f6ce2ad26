import type { Invariant, RunFacts } from '../../common/invariant.ts';
import { type Check, eventInvariant } from '../../common/judging.ts';
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
}

/** An invariant over what ends and broker say to each other, as it is carried out. */
export function ledgerInvariant(
  name: string,
  requirements: readonly string[],
  start: (facts: RunFacts, check: Check) => Judging,
): Invariant<ClamatorMessage> {
  return eventInvariant(name, requirements, (facts, check) => {
    const ledger = startLedger();
    const judging = start(facts, check);
    return {
      observe(event) {
        judging.see?.(event);
        for (const happening of ledger.observe(event)) judging.judge(happening);
      },
    };
  });
}
