import type { RunFacts } from '../../common/invariant.ts';
import type { Dialler } from '../happening.ts';
import { type ClamatorTimers, DEFAULT_TIMERS } from '../timers.ts';

/** What is known of an instance of a run. */
export interface InstanceSetting {
  /** The prefix of its keys; undefined where nobody knows. */
  readonly prefix: string | undefined;
  /** Its id; undefined where it makes up its own, or nobody knows. */
  readonly id: string | undefined;
  /** Whether it makes up its own. */
  readonly isOwnId: boolean;
  readonly timers: ClamatorTimers;
}

/** How that instance was set up. */
export function settingOf(facts: RunFacts, { role, instance }: Dialler): InstanceSetting {
  const found = facts.instances?.find((each) => each.role === role && each.instance === instance);
  const option = found?.options['prefix'];
  const isOwnId = found?.options['ownId'] === true;
  return {
    prefix: facts.space === undefined ? undefined : `${facts.space}${typeof option === 'string' ? option : ''}`,
    id: isOwnId ? undefined : found?.id,
    isOwnId,
    // Of strangers only what holds of all is known.
    timers: { ...DEFAULT_TIMERS, ...(found?.timers ?? facts.timers) },
  };
}

/** The form of an id that an instance makes up. */
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** How much longer than it is configured a read may wait: whole ms, and no test of clocks. */
export const ROUNDING_MS = 1;
