import { bindingOf } from '../../../protocols/common/binding.ts';
import type { ServeParams } from '../../../protocols/common/control.ts';
import type { Accept } from '../../../protocols/common/environment.ts';
import { type Instance, instanceName, MAIN } from '../../../protocols/common/instance.ts';
import { acceptOf } from '../../../protocols/common/protocol.ts';
import { faultTools } from '../../faults/tools.ts';
import { EVERYBODY, Stretches } from '../../toxics/stretches.ts';
import { Toxics } from '../../toxics/toxics.ts';
import { outageOf } from '../outages.ts';
import { startProxy } from '../proxy.ts';
import { createRecorder } from '../recorder.ts';
import { serverEnd } from '../server-end.ts';
import { toxicOf, toxicSurroundings } from '../toxics.ts';
import type { Setting, Stage, World } from '../world.ts';
import { createVirtualClock, type VirtualClock } from './clock.ts';
import { drive } from './drive.ts';
import { createNetwork, type Destination } from './network.ts';

export { SimulationError } from './drive.ts';

/**
 * Both reference peers in this process, a network in memory and a virtual clock: the same setting with the same seed
 * gives the same trace. `run` rejects with `play`'s own error, or with a `SimulationError` where the run cannot go on.
 */
export function simulatedWorld(): World {
  return {
    name: 'simulated',
    timeScale: 1,
    patienceMs: 0,
    async run(setting, play) {
      const clock = createVirtualClock(setting.seed);
      const { stage, served, check } = setStage(setting, clock);
      try {
        const playing = served === undefined ? play(stage) : served.then(() => play(stage));
        return await drive(clock, playing, check);
      } finally {
        await stage.tearDown();
      }
    },
    ready: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

const SCHEME = 'sim://';

/** Where clients dial a server: there are no hosts here, and the handle of each is its own. */
function addressOf(server: string): string {
  return `${SCHEME}${server === MAIN ? 'server' : server}`;
}

/** Where an instance dials the broker: each has its own way there. */
function wayOf({ role, instance }: Instance): string {
  return `${SCHEME}${role}/${encodeURIComponent(instance)}`;
}

function destinationOf(address: string): Destination {
  const [, role, instance] = /^sim:\/\/(client|server)\/(.*)$/.exec(address) ?? [];
  if (instance !== undefined) return { dialler: { role: role === 'client' ? 'client' : 'server', instance: decodeURIComponent(instance) } };
  return address === addressOf(MAIN) ? {} : { server: address.slice(SCHEME.length) };
}

/** Every run has its own broker, so that names need not be unforeseeable. */
const SPACE = 'weir';

/** `check` throws the first error that the proxy kept to itself; `served` is settled once the server dialled the broker, where there is one. */
function setStage(setting: Setting, clock: VirtualClock): { stage: Stage; served: Promise<void> | undefined; check: () => void } {
  const { protocol, binding, client, server } = setting;
  if (client.kind !== 'reference' || server.kind !== 'reference') {
    const which = client.kind === 'reference' ? 'server' : 'client';
    throw new Error(`the simulated world has reference peers only, but the ${which} is an implementation; use the real world`);
  }
  const recorder = createRecorder(protocol, binding, clock.now);
  const broker = protocol.broker?.model(clock);
  const stretches = setting.toxics === true ? new Stretches<Toxics>() : undefined;
  const toxicsOf = (dialler: Instance | undefined): Toxics | undefined => {
    const end = dialler === undefined ? EVERYBODY : instanceName(dialler);
    if (stretches === undefined || stretches.of(end) !== undefined) return stretches?.of(end);
    const toxics = new Toxics(toxicSurroundings(clock, setting.seed));
    // All that stands acts at once, and nothing of it can be refused that was not before.
    void stretches.join(end, toxics);
    return toxics;
  };
  if (broker === undefined) toxicsOf(undefined);
  const network = createNetwork(
    bindingOf(protocol, binding).carrier,
    clock,
    (handle) => (broker === undefined ? accepts.get(handle ?? MAIN) : broker.accept),
    () => proxy,
    destinationOf,
    protocol.seesOpenings ?? false,
    toxicsOf,
  );
  const proxy = startProxy(
    network.wire,
    recorder,
    clock,
    faultTools(protocol, binding, setting.match, recorder.whereabouts),
    setting.timeScale,
  );
  const serverPeer = server.make(clock, setting.events.server, network.dial);
  const accepts = new Map<string, Accept>();
  /** Starts a server: it listens, or has dialled the broker once the promise is settled. */
  const serve = (params: ServeParams): Promise<void> | undefined => {
    if (broker === undefined) {
      accepts.set(params.server, acceptOf(serverPeer.serve(params)));
      return undefined;
    }
    const served = serverPeer.serve({ ...params, url: wayOf({ role: 'server', instance: params.server }), space: SPACE });
    return served instanceof Promise ? served : Promise.reject(new Error('the server listens, where it was to dial the broker'));
  };
  const served = setting.unserved === true ? undefined : serve({ ...setting.serve, server: MAIN });
  const clientPeer = client.make(clock, network.dial, setting.events.client);
  const stage: Stage = {
    environment: clock,
    recorder,
    client: clientPeer,
    server: serverEnd(serverPeer, () => serverPeer.stop({ server: MAIN })),
    url: addressOf(MAIN),
    ...(broker === undefined
      ? {}
      : {
          broker: {
            space: SPACE,
            ask: (command) => broker.ask(command),
            address: (dialler) => Promise.resolve(wayOf(dialler)),
            outage: outageOf(setting, broker.outages, recorder),
          },
        }),
    async serve(params) {
      await serve(params);
      return broker === undefined ? { url: addressOf(params.server) } : {};
    },
    stop: (params) => serverPeer.stop(params),
    fault: proxy.fault,
    toxic: toxicOf(stretches, recorder, setting.timeScale),
    // All there is lives in this process, and moves by the clock alone.
    async tearDown() {
      clock.stop();
    },
  };
  const check = () => {
    const failure = proxy.failure();
    if (failure !== undefined) throw failure;
  };
  return { stage, served, check };
}
