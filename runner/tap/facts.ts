import type { RunFacts } from '../../protocols/common/invariant.ts';
import type { Protocol } from '../../protocols/common/protocol.ts';

/** What is known of strangers: nothing but the timers, which are the protocol's defaults unless somebody says otherwise. */
export function factsOfStrangers(
  { timers }: Pick<Protocol, 'timers'>,
  binding: string,
  told: Readonly<Record<string, number>> = {},
): RunFacts {
  return { binding, clientIds: [], serverId: undefined, timers: { ...timers, ...told }, procedureKinds: {}, scripted: [] };
}
