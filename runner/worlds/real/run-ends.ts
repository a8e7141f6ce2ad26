import type { Carrier } from '../../../protocols/common/carrier.ts';
import type { ServeParams, ServerPeer, StopParams } from '../../../protocols/common/control.ts';
import type { MakeReferenceServer } from '../../../protocols/common/protocol.ts';
import { within } from '../../adapters/within.ts';
import type { ClientEnd, Setting } from '../world.ts';
import type { RealClock } from './clock.ts';
import type { Endings } from './endings.ts';
import { type Dialer, linksOf } from './links.ts';
import type { OwnPlaces } from './listening.ts';

/** Longest that an implementation's server may take to stop when the stage is torn down, in wall-clock ms. */
const STOP_LIMIT_MS = 2000;

/** Whether nothing outside this process takes part in the run, so that its pauses are no time to anyone. */
export function isInProcess({ client, server }: Setting): boolean {
  return client.kind === 'reference' && server.kind === 'reference';
}

/** The servers of a run: one peer plays them all. */
export interface Servers {
  readonly able: ServerPeer | ReturnType<MakeReferenceServer>;
  /** Starts one; gives where it listens, if it does. */
  serve(params: ServeParams): Promise<string | undefined>;
  stop(params: StopParams): Promise<void>;
}

/** Starts the peer that plays the servers; `dialer` is what those dial with that do not listen. */
export async function startServers(
  { server, events }: Setting,
  { carrier, clock, endings, places }: { carrier: Carrier; clock: RealClock; endings: Endings; places: OwnPlaces },
  dialer: Dialer | undefined,
): Promise<Servers> {
  if (server.kind === 'reference') {
    const peer = server.make(clock, events.server, dialer?.dial);
    return {
      able: peer,
      async serve(params) {
        const served = peer.serve(params);
        if (typeof served !== 'function') {
          await served;
          return undefined;
        }
        const listener = await linksOf(carrier).listen(served, places.listen);
        endings.add(listener.close);
        return listener.url;
      },
      stop: (params) => peer.stop(params),
    };
  }
  return implementedServers(await server.peer(events.server), endings);
}

function implementedServers(peer: ServerPeer, endings: Endings): Servers {
  const stopping = new Map<string, Promise<void>>();
  const stop = (params: StopParams): Promise<void> => {
    const begun = stopping.get(params.server) ?? peer.stop(params);
    stopping.set(params.server, begun);
    return begun;
  };
  return {
    able: peer,
    stop,
    async serve(params) {
      const { url } = await peer.serve(params);
      endings.add(async () => {
        // An implementation that cannot stop has said so, or says so, to whoever leases it.
        await within(stop({ server: params.server }), STOP_LIMIT_MS).catch(() => {});
      });
      return url;
    },
  };
}

/** Starts the peer that plays the clients. */
export async function startClient({ client, events }: Setting, clock: RealClock, dialer: Dialer, endings: Endings): Promise<ClientEnd> {
  if (client.kind === 'implementation') return client.peer(events.client);
  endings.add(dialer.close);
  return client.make(clock, dialer.dial, events.client);
}

/** Starts a server that listens; gives where. */
export async function listening(servers: Servers, params: ServeParams): Promise<string> {
  const url = await servers.serve(params);
  if (url === undefined) throw new Error('the server does not say where it listens');
  return url;
}
