import type { Protocol } from '../../protocols/common/protocol.ts';
import type { LoadedCase } from '../cases/case.ts';
import { defaultClientId, scaledTimers } from './connect.ts';

/** The timers of each client that a case sets up by a step, by client id, in the world's ms. */
export function clientTimers(
  protocol: Protocol,
  loaded: LoadedCase,
  timeScale: number,
): Readonly<Record<string, Readonly<Record<string, number>>>> {
  return Object.fromEntries(
    loaded.steps.flatMap(({ action }) =>
      action.kind === 'connect'
        ? [[action.clientId ?? defaultClientId(action.client), scaledTimers(protocol, action.timers, timeScale)]]
        : [],
    ),
  );
}
