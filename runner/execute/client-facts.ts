import type { RunFacts } from '../../protocols/common/invariant.ts';
import type { Protocol } from '../../protocols/common/protocol.ts';
import { setOwn } from '../../protocols/common/value.ts';
import type { LoadedCase } from '../cases/case.ts';
import { defaultClientId, scaledTimers } from './connect.ts';

/** What a case gives to the clients that it sets up by a step (`fixed` timers are what they are, whatever it gives): their timers in the world's ms, and whom they address. */
export function clientFacts(
  protocol: Protocol,
  loaded: LoadedCase,
  timeScale: number,
  fixed: Readonly<Record<string, number>>,
): Pick<RunFacts, 'clientTimers' | 'addressed'> {
  const clientTimers: Record<string, Readonly<Record<string, number>>> = {};
  const addressed: Record<string, string> = {};
  // The client that no step sets up.
  if (Object.keys(fixed).length > 0) setOwn(clientTimers, defaultClientId('main'), { ...scaledTimers(protocol, {}, timeScale), ...fixed });
  for (const { action } of loaded.steps) {
    if (action.kind !== 'connect') continue;
    const clientId = action.clientId ?? defaultClientId(action.client);
    setOwn(clientTimers, clientId, { ...scaledTimers(protocol, action.timers, timeScale), ...fixed });
    if (action.serverId !== undefined) setOwn(addressed, clientId, action.serverId);
  }
  return { clientTimers, addressed };
}
