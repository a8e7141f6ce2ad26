import { MAIN, SERVER_NAME } from '../../protocols/common/instance.ts';
import { AdapterError } from '../adapters/error.ts';
import type { Action } from '../cases/step.ts';
import { broken, HELD, type Playing, type StepOutcome } from './playing.ts';

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
    ...(await placeOf(playing, action)),
    binding: playing.binding,
    clientId,
    serverId: action.serverId ?? playing.serverId,
    ...(action.metadata === undefined ? {} : { metadata: [...action.metadata] }),
    timers: { ...scaledTimers(playing.protocol, action.timers, playing.timeScale), ...playing.fixedTimers },
    options: { ...action.options, timeScale: playing.timeScale },
    eager: action.eager,
  });
}

/** Where a client dials: the server that it is told, or the broker. */
async function placeOf(playing: Playing, { client, to }: Extract<Action, { kind: 'connect' }>): Promise<{ url: string; space?: string }> {
  const { broker } = playing.stage;
  if (broker === undefined) return { url: urlOf(playing, to) };
  return { url: await broker.address({ role: 'client', instance: client }), space: broker.space };
}

/** Where clients dial a server, by its name in the case. */
function urlOf({ stage, urls }: Playing, server: string | undefined): string {
  const url = server === undefined || server === SERVER_NAME ? stage.url : urls.get(server);
  if (url === undefined) throw new Error(`no step before this one starts the server "${server}"`);
  return url;
}

/**
 * Starts a further server as a serve step says, its timers scaled to the world's time. Its id is its name, where the case gives none.
 * One that `fails` has to say so: that an adapter breaks is no answer.
 */
export async function serve(
  playing: Playing,
  { server, serverId, timers, options, fails }: Extract<Action, { kind: 'serve' }>,
): Promise<StepOutcome> {
  const { stage, protocol, timeScale, binding } = playing;
  stage.recorder.application('server', server, { kind: 'serve' });
  const starting = stage.serve({
    server,
    binding,
    serverId: serverId ?? server,
    timers: { ...scaledTimers(protocol, timers, timeScale), ...playing.fixedServerTimers },
    options: { ...options, timeScale },
  });
  if (fails === true) {
    const refusal = await starting.then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    if (refusal === undefined) return broken('serve', `the server ${server} has started, which had to fail`);
    if (refusal.error instanceof AdapterError && refusal.error.kind !== 'refused') throw refusal.error;
    return HELD;
  }
  const { url } = await starting;
  playing.urls.set(server, url ?? '');
  return HELD;
}

/** Ends a server as a stop step says. */
export async function stop({ stage }: Playing, { server: name, how }: Extract<Action, { kind: 'stop' }>): Promise<void> {
  const server = name === SERVER_NAME ? MAIN : name;
  stage.recorder.application('server', server, { kind: 'stop' });
  await stage.stop({ server, ...(how === undefined ? {} : { how }) });
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
