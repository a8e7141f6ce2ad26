import type { Protocol } from '../../protocols/common/protocol.ts';
import type { LoadedCase } from '../cases/case.ts';
import { type Action, judges } from '../cases/step.ts';
import { LONGEST_TIMER_MS } from '../longest-timer.ts';

/** Longer than anyone debugs, ms. */
export const FOREVER_MS = LONGEST_TIMER_MS;

/** How much longer the timers are that make a peer give up. */
const PATIENCE = 1_000_000;

/**
 * The case as it is played for a person: only the steps before `until` (an index), waits without bounds, quiet times left out,
 * nothing too early; and, unless `watchdogs`, without the timers that make a peer give the other up.
 */
export function heldCase(loaded: LoadedCase, protocol: Protocol, until: number, watchdogs: boolean): LoadedCase {
  const timers = (given: Readonly<Record<string, number>>) => (watchdogs ? given : { ...given, ...longTimers(protocol, given) });
  return {
    ...loaded,
    server: { ...loaded.server, timers: timers(loaded.server.timers) },
    steps: loaded.steps.slice(0, until).map((step) => ({ ...step, action: patient(step.action, timers) })),
    expect: [],
    trace: 'free',
  };
}

function longTimers({ timers, giveUpTimers = [] }: Protocol, given: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(giveUpTimers.map((name) => [name, (given[name] ?? timers[name] ?? 1) * PATIENCE]));
}

function patient(action: Action, timers: (given: Readonly<Record<string, number>>) => Readonly<Record<string, number>>): Action {
  if (action.kind === 'connect' || action.kind === 'serve') return { ...action, timers: timers(action.timers) };
  if (!judges(action)) return action;
  if (action.kind === 'quiet') return { ...action, for: 0, no: [], calls: [], noConnection: false, noClose: false, noHandler: undefined };
  return 'after' in action ? { ...action, within: FOREVER_MS, after: 0 } : { ...action, within: FOREVER_MS };
}
