import type { Carrier } from '../../../protocols/common/carrier.ts';
import type { ServeParams } from '../../../protocols/common/control.ts';
import { MAIN } from '../../../protocols/common/instance.ts';
import { faultTools } from '../../faults/tools.ts';
import { startEmbeddedNetwork } from '../../toxics/embedded.ts';
import type { Address, ToxicNetwork } from '../../toxics/network.ts';
import type { Stretches } from '../../toxics/stretches.ts';
import type { Machine } from '../machine.ts';
import type { WireRecorder } from '../recorder.ts';
import { serverEnd } from '../server-end.ts';
import { toxicOf, toxicSurroundings } from '../toxics.ts';
import type { ClientEnd, Setting, Stage } from '../world.ts';
import type { RealClock } from './clock.ts';
import type { Endings } from './endings.ts';
import type { Lateness } from './lateness.ts';
import { type Dialer, linksOf } from './links.ts';
import { atUsual, type Listen, type OwnPlaces } from './listening.ts';
import type { Relay, RelayOptions } from './relay.ts';
import { isInProcess, type Servers } from './run-ends.ts';

/**
 * How long an implementation may take to end its connections when its run is over, in ms of wall clock. A library that has closed one hears
 * no more what becomes of it, so that a reset may end its process.
 */
const FAREWELL_MS = 1000;

/** What a stage is set up with, whoever dials whom. */
export interface Backstage {
  readonly carrier: Carrier;
  readonly clock: RealClock;
  readonly recorder: WireRecorder;
  readonly endings: Endings;
  readonly lateness: Lateness;
  readonly machine: Machine;
  /** Where what is started for the run listens. */
  readonly places: OwnPlaces;
  /** Where the ends dial; see `RealWorldOptions.port`. */
  readonly port: number | undefined;
  /** Runs toxics; undefined: they run in this process. */
  readonly toxiproxy: { network(server: Address): Promise<ToxicNetwork> } | undefined;
}

/** A stage, the relay that everything passes, and the networks behind it where toxics may be asked for. */
export interface Staged {
  readonly stage: Stage;
  readonly relay: Relay;
  readonly toxics: Stretches<ToxicNetwork> | undefined;
  /** Why a network between is gone although nobody closed it. */
  lost(): Promise<Error | undefined>;
}

/** Starts the network before an address where the case has toxics; undefined where it has none. */
export async function networkFor(setting: Setting, address: Address, { clock, endings, toxiproxy, places }: Backstage) {
  if (setting.toxics !== true) return undefined;
  const network = await (toxiproxy?.network(address) ??
    startEmbeddedNetwork(address, toxicSurroundings(clock, setting.seed), places.listen));
  endings.add(network.close);
  return network;
}

/** What the relay of every stage is told. */
export function relayOptions(setting: Setting, { recorder, clock, machine, places, port }: Backstage): Omit<RelayOptions, 'upstream'> {
  const { protocol, binding, match, timeScale, mostFrames } = setting;
  return {
    at: dialledAt(setting, places, port),
    recorder,
    environment: clock,
    tools: faultTools(protocol, binding, match, recorder.whereabouts),
    timeScale,
    mostFrames,
    farewellMs: isInProcess(setting) ? undefined : FAREWELL_MS,
    machine,
  };
}

/** Where the ends dial: a place of the run's own, unless a port was asked for, or one of them dials 127.0.0.1 alone. */
function dialledAt({ client, server }: Setting, places: OwnPlaces, port: number | undefined): Listen {
  if (port !== undefined) {
    let wanted = port;
    // What else a run listens at takes any.
    return (listener) => {
      const listen = atUsual(wanted);
      wanted = 0;
      return listen(listener);
    };
  }
  const isNarrow = [client, server].some((end) => end.kind === 'implementation' && end.dials !== undefined);
  return isNarrow ? places.listenAtUsual : places.listen;
}

/** Dials the relay; what the machine refuses is noted. */
export function dialerTo(url: string, { carrier, machine }: Backstage): Dialer {
  return linksOf(carrier).dialer(url, undefined, (error) => machine.note('connect to the proxy', error));
}

/** What every stage has: `own` is how it starts servers, and where clients dial. */
export function stageOf(
  setting: Setting,
  { clock, recorder, endings, lateness }: Backstage,
  { servers, client, relay, toxics }: Pick<Staged, 'relay' | 'toxics'> & { servers: Servers; client: ClientEnd },
  own: Pick<Stage, 'url' | 'broker'> & { serve(params: ServeParams): Promise<{ readonly url?: string | undefined }> },
): Staged {
  const stage: Stage = {
    environment: clock,
    recorder,
    lostMs: isInProcess(setting) ? () => 0 : lateness.lost,
    client,
    server: serverEnd(servers.able, () => servers.stop({ server: MAIN })),
    ...own,
    stop: servers.stop,
    fault: relay.fault,
    toxic: toxicOf(toxics, recorder, setting.timeScale),
    failed: relay.failed,
    failure: relay.failure,
    taken: relay.taken,
    tearDown: endings.endAll,
  };
  return {
    stage,
    relay,
    toxics,
    async lost() {
      for (const network of toxics?.all() ?? []) {
        const error = await network.lost?.();
        if (error !== undefined) return error;
      }
      return undefined;
    },
  };
}
