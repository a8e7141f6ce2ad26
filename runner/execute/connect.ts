import type { Action } from '../cases/step.ts';
import type { Playing } from './playing.ts';

/** Id of a client instance where the case gives none. */
export function defaultClientId(client: string): string {
  return `weir-${client}`;
}

/** Makes a client as a connect step says, its timers scaled to the world's time; one that exists keeps its id, and dials. */
export async function connect(playing: Playing, action: Extract<Action, { kind: 'connect' }>): Promise<void> {
  const clientId = action.clientId ?? playing.clientIds.get(action.client) ?? defaultClientId(action.client);
  playing.clientIds.set(action.client, clientId);
  playing.stage.recorder.application('client', action.client, { kind: 'connect' });
  await playing.stage.client.connect({
    client: action.client,
    url: playing.stage.url,
    binding: playing.binding,
    clientId,
    serverId: action.serverId ?? playing.serverId,
    ...(action.metadata === undefined ? {} : { metadata: [...action.metadata] }),
    timers: { ...scaledTimers(playing.protocol, action.timers, playing.timeScale), ...playing.fixedTimers },
    options: { ...action.options },
    eager: action.eager,
  });
}

/** The connect step that stands before a case which has none of its own for `main`. */
export const IMPLICIT_CONNECT: Extract<Action, { kind: 'connect' }> = {
  kind: 'connect',
  client: 'main',
  clientId: undefined,
  serverId: undefined,
  metadata: undefined,
  timers: {},
  options: {},
  eager: false,
};

/** The protocol's timers with a case's overrides, in the world's ms; counts are not scaled. */
export function scaledTimers(
  protocol: Playing['protocol'],
  overrides: Readonly<Record<string, number>>,
  timeScale: number,
): Record<string, number> {
  const nominal = { ...protocol.timers, ...overrides };
  return Object.fromEntries(
    Object.entries(nominal).map(([name, value]) => [name, protocol.counts.includes(name) ? value : value * timeScale]),
  );
}
