import { MAIN } from '../../protocols/common/instance.ts';
import type { InstanceFacts, RunFacts } from '../../protocols/common/invariant.ts';
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

/** How each client of a case is set up, in the order in which the case makes them; the one that no step makes is the first. */
export function clientInstances(
  protocol: Protocol,
  loaded: LoadedCase,
  timeScale: number,
  fixed: Readonly<Record<string, number>>,
): InstanceFacts[] {
  const clients = new Map<string, InstanceFacts>();
  const add = (
    instance: string,
    id: string,
    timers: Readonly<Record<string, number>>,
    more: Pick<InstanceFacts, 'options' | 'addressed'>,
  ): void => {
    // A further `connect` only makes it dial.
    if (clients.has(instance)) return;
    clients.set(instance, { role: 'client', instance, id, timers: { ...scaledTimers(protocol, timers, timeScale), ...fixed }, ...more });
  };
  const steps = loaded.steps.flatMap(({ action }) => (action.kind === 'connect' ? [action] : []));
  if (!steps.some(({ client }) => client === MAIN)) add(MAIN, defaultClientId(MAIN), {}, { options: {} });
  for (const { client, clientId, serverId, timers, options } of steps) {
    add(client, clientId ?? defaultClientId(client), timers, { options, ...(serverId === undefined ? {} : { addressed: serverId }) });
  }
  return [...clients.values()];
}

/** How each server that a step starts is set up, in the order of the steps. */
export function serverInstances(
  protocol: Protocol,
  loaded: LoadedCase,
  timeScale: number,
  fixed: Readonly<Record<string, number>>,
): InstanceFacts[] {
  return loaded.steps.flatMap(({ action }): InstanceFacts[] => {
    if (action.kind !== 'serve') return [];
    const { server, serverId, timers, options } = action;
    const scaled = { ...scaledTimers(protocol, timers, timeScale), ...fixed };
    return [{ role: 'server', instance: server, id: serverId ?? server, timers: scaled, options }];
  });
}
