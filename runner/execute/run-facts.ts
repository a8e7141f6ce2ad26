import { MAIN } from '../../protocols/common/instance.ts';
import type { InstanceFacts, RunFacts } from '../../protocols/common/invariant.ts';
import type { Protocol } from '../../protocols/common/protocol.ts';
import { setOwn } from '../../protocols/common/value.ts';
import type { LoadedCase } from '../cases/case.ts';
import { type Casting, scriptedRole } from './casting.ts';
import { defaultClientId, scaledTimers } from './connect.ts';

/** What a performance gives to its facts beside the casting. */
export interface AtHand {
  /** Factor from nominal to the world's ms. */
  readonly timeScale: number;
  /** Of the server that is there without a step, with its timers in the world's ms. */
  readonly serverId: string;
  readonly serverTimers: Readonly<Record<string, number>>;
  /** Ids that clients have taken so far. */
  readonly clientIds: Iterable<string>;
  /** What every name on the broker begins with that belongs to the run, where there is a broker. */
  readonly space: string | undefined;
}

/** What judges are told of a performance that its trace does not say: who was set up how, and who is scripted. */
export function runFacts(casting: Casting, { timeScale, serverId, serverTimers, clientIds, space }: AtHand): RunFacts {
  const { protocol, case: loaded, binding, fixedTimers } = casting;
  const scripted = scriptedRole(loaded, casting.role);
  const setUp = { protocol, loaded, timeScale };
  const clients = { ...setUp, fixed: fixedTimers?.client ?? {} };
  return {
    binding,
    ...(space === undefined ? {} : { space }),
    instances: [
      { role: 'server', instance: MAIN, id: serverId, timers: serverTimers, options: loaded.server.options },
      ...serverInstances({ ...setUp, fixed: fixedTimers?.server ?? {} }),
      ...clientInstances(clients),
    ],
    clientIds: [...clientIds],
    serverId,
    timers: serverTimers,
    ...clientFacts(clients),
    options: { ...loaded.server.options, ...optionsOfClients(loaded) },
    procedureKinds: { ...casting.procedureKinds, ...kindsOfCalls(loaded) },
    scripted: scripted === undefined ? [] : [scripted],
  };
}

/** How the instances of one role are set up. */
interface SetUp {
  readonly protocol: Protocol;
  readonly loaded: LoadedCase;
  readonly timeScale: number;
  /** Timers that are what they are, whatever the case gives: ms of the world. */
  readonly fixed: Readonly<Record<string, number>>;
}

/** What a case gives to the clients that it sets up by a step: their timers in the world's ms, and whom they address. */
function clientFacts({ protocol, loaded, timeScale, fixed }: SetUp): Pick<RunFacts, 'clientTimers' | 'addressed'> {
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
function clientInstances({ protocol, loaded, timeScale, fixed }: SetUp): InstanceFacts[] {
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
function serverInstances({ protocol, loaded, timeScale, fixed }: SetUp): InstanceFacts[] {
  return loaded.steps.flatMap(({ action }): InstanceFacts[] => {
    if (action.kind !== 'serve') return [];
    const { server, serverId, timers, options } = action;
    const scaled = { ...scaledTimers(protocol, timers, timeScale), ...fixed };
    return [{ role: 'server', instance: server, id: serverId ?? server, timers: scaled, options }];
  });
}

/** Procedure kinds that only the case knows. */
function kindsOfCalls(loaded: LoadedCase): Record<string, string> {
  const kinds: Record<string, string> = {};
  for (const { action } of loaded.steps) {
    if (action.kind === 'invoke' && action.procedure !== undefined) kinds[action.procedure] = action.procedureKind;
  }
  return kinds;
}

/** Protocol options that the case's connect steps set. */
function optionsOfClients(loaded: LoadedCase): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  for (const { action } of loaded.steps) {
    if (action.kind === 'connect') Object.assign(options, action.options);
  }
  return options;
}
