import { bindingOf } from '../../../protocols/common/binding.ts';
import { MAIN } from '../../../protocols/common/instance.ts';
import { faultTools } from '../../faults/tools.ts';
import { Toxics } from '../../toxics/toxics.ts';
import { startProxy } from '../proxy.ts';
import { createRecorder } from '../recorder.ts';
import { serverEnd } from '../server-end.ts';
import { toxicOf, toxicSurroundings } from '../toxics.ts';
import type { Setting, Stage, World } from '../world.ts';
import { createVirtualClock, type VirtualClock } from './clock.ts';
import { drive } from './drive.ts';
import { createNetwork } from './network.ts';

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
      const { stage, check } = setStage(setting, clock);
      try {
        return await drive(clock, play(stage), check);
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

/** `check` throws the first error that the proxy kept to itself. */
function setStage(setting: Setting, clock: VirtualClock): { stage: Stage; check: () => void } {
  const { protocol, binding, client, server } = setting;
  if (client.kind !== 'reference' || server.kind !== 'reference') {
    const which = client.kind === 'reference' ? 'server' : 'client';
    throw new Error(`the simulated world has reference peers only, but the ${which} is an implementation; use the real world`);
  }
  const recorder = createRecorder(protocol, binding, clock.now);
  const toxics = setting.toxics === true ? new Toxics(toxicSurroundings(clock, setting.seed)) : undefined;
  const network = createNetwork(
    bindingOf(protocol, binding).carrier,
    clock,
    (handle) => accepts.get(handle ?? MAIN),
    () => proxy,
    (address) => (address === addressOf(MAIN) ? undefined : address.slice(SCHEME.length)),
    protocol.seesOpenings ?? false,
    toxics,
  );
  const proxy = startProxy(
    network.wire,
    recorder,
    clock,
    faultTools(protocol, binding, setting.match, recorder.whereabouts),
    setting.timeScale,
  );
  const serverPeer = server.make(clock, setting.events.server);
  const accepts = new Map([[MAIN, serverPeer.serve({ ...setting.serve, server: MAIN })]]);
  const clientPeer = client.make(clock, network.dial, setting.events.client);
  const stage: Stage = {
    environment: clock,
    recorder,
    client: clientPeer,
    server: serverEnd(serverPeer, () => serverPeer.stop({ server: MAIN })),
    url: addressOf(MAIN),
    async serve(params) {
      accepts.set(params.server, serverPeer.serve(params));
      return { url: addressOf(params.server) };
    },
    stop: (params) => serverPeer.stop(params),
    fault: proxy.fault,
    toxic: toxicOf(toxics, recorder, setting.timeScale),
    // All there is lives in this process, and moves by the clock alone.
    async tearDown() {
      clock.stop();
    },
  };
  const check = () => {
    const failure = proxy.failure();
    if (failure !== undefined) throw failure;
  };
  return { stage, check };
}
