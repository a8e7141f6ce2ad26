import { randomBytes } from 'node:crypto';
import { bindingOf } from '../../../protocols/common/binding.ts';
import type { RunningBroker } from '../../../protocols/common/broker.ts';
import type { Carrier } from '../../../protocols/common/carrier.ts';
import type { ServeParams, ServerPeer, StopParams } from '../../../protocols/common/control.ts';
import { type Instance, MAIN } from '../../../protocols/common/instance.ts';
import type { MakeReferenceServer } from '../../../protocols/common/protocol.ts';
import { within } from '../../adapters/within.ts';
import { faultTools } from '../../faults/tools.ts';
import { startEmbeddedNetwork } from '../../toxics/embedded.ts';
import type { Address, ToxicNetwork } from '../../toxics/network.ts';
import { type Machine, startMachine } from '../machine.ts';
import { createRecorder, type WireRecorder } from '../recorder.ts';
import { FloodError } from '../run-errors.ts';
import { serverEnd } from '../server-end.ts';
import { toxicOf, toxicSurroundings } from '../toxics.ts';
import type { ClientEnd, Setting, Stage, World } from '../world.ts';
import { startAdmission, timerLateness } from './admission.ts';
import { type RealClock, startClock } from './clock.ts';
import { type Lateness, startLateness } from './lateness.ts';
import { type Dialer, linksOf } from './links.ts';
import { type Relay, startRelay } from './relay.ts';
import { serverAddress } from './server-address.ts';
import { type SharedBrokers, shareBrokers } from './shared-brokers.ts';
import { type AttentiveTime, attentiveTime, wallNow } from './time.ts';

/** A busy machine, or an interpreter that serves many runs at once, may need this long for what costs nothing. */
const PATIENCE_MS = 3000;

/** Longest that an implementation's server may take to stop when the stage is torn down, in wall-clock ms. */
const STOP_LIMIT_MS = 2000;

/** How long the end of a process may take to be heard of, in wall-clock ms. */
const GRACE_MS = 250;

/** What a real world is made of. */
export interface RealWorldOptions {
  /** Factor from nominal to the world's ms. */
  readonly timeScale: number;
  /** The port of the loopback that clients dial, which allows one run at a time; a free one for each where it is left out. */
  readonly port?: number | undefined;
  /** Whether a server under test may be elsewhere than on the loopback. */
  readonly allowRemote?: boolean | undefined;
  /** A Toxiproxy to run toxics on; without it they run in this process. */
  readonly toxiproxy?: { network(server: Address): Promise<ToxicNetwork> } | undefined;
  /** A broker that is there already; without it one is started when a run first needs it. */
  readonly brokerUrl?: string | undefined;
}

/** The world of sockets, processes and the wall clock. */
export function realWorld({ timeScale, ...options }: RealWorldOptions): World {
  const attentive = attentiveTime();
  const machine = startMachine();
  const lateness = startLateness();
  const brokers = shareBrokers(options.brokerUrl);
  return {
    machine,
    name: 'real',
    timeScale,
    patienceMs: PATIENCE_MS,
    async run(setting, play) {
      const endings = startEndings();
      try {
        const { stage, relay, network } = await setStage(setting, endings, { attentive, lateness, machine, brokers }, options).catch(
          (error: unknown) => {
            throw machine.note('set the stage of the run', error) ?? error;
          },
        );
        const result = await play(stage).catch(async (error: unknown) => {
          throw (await network?.lost?.()) ?? error;
        });
        const failure = (await network?.lost?.()) ?? relay.failure();
        // Who floods is seen by whoever plays.
        if (failure !== undefined && !(failure instanceof FloodError)) throw failure;
        return result;
      } finally {
        await endings.endAll();
      }
    },
    ready: startAdmission(timerLateness),
    provide: brokers.provide,
    close: brokers.close,
  };
}

/** How to end what a stage started. */
interface Endings {
  /** Adds what ends one thing, in time and without failing. */
  add(end: () => void | Promise<void>): void;
  begun(): boolean;
  /** Ends all of them side by side, each once; resolves when they are gone. */
  endAll(): Promise<void>;
}

function startEndings(): Endings {
  const ends: (() => void | Promise<void>)[] = [];
  let ending: Promise<unknown> | undefined;
  return {
    add: (end) => ends.push(end),
    begun: () => ending !== undefined,
    async endAll() {
      ending ??= Promise.all(ends.map((end) => end()));
      await ending;
    },
  };
}

async function setStage(
  setting: Setting,
  endings: Endings,
  {
    attentive,
    lateness,
    machine,
    brokers,
  }: { readonly attentive: AttentiveTime; readonly lateness: Lateness; readonly machine: Machine; readonly brokers: SharedBrokers },
  { toxiproxy, port, allowRemote = false }: Omit<RealWorldOptions, 'timeScale'>,
): Promise<{ stage: Stage; relay: Relay; network: ToxicNetwork | undefined }> {
  const clock = startClock(setting.seed, isInProcess(setting) ? attentive.now : wallNow);
  endings.add(attentive.watch());
  // Where all there is lives in this process, what it loses is lost to all alike.
  if (!isInProcess(setting)) endings.add(lateness.watch());
  endings.add(() => clock.stop());
  const { carrier } = bindingOf(setting.protocol, setting.binding);
  const recorder: WireRecorder = createRecorder(setting.protocol, setting.binding, clock.now);
  const { broker: kind } = setting.protocol;
  if (kind !== undefined) {
    return setBrokeredStage(setting, await brokers.of(kind), { carrier, clock, recorder, endings, lateness, machine, toxiproxy });
  }
  const servers = await startServers(setting, carrier, clock, endings, undefined);
  const serverUrl = await listening(servers, { server: MAIN, ...setting.serve });
  const address = addressOf(serverUrl, carrier, setting.server, allowRemote);
  const network = setting.toxics === true ? await startNetwork(address, setting, clock, toxiproxy) : undefined;
  if (network !== undefined) endings.add(network.close);
  const relay = await startRelay({
    upstream: { ...(network?.address ?? address), authority: new URL(serverUrl).host },
    port,
    recorder,
    environment: clock,
    tools: faultTools(setting.protocol, setting.binding, setting.match, recorder.whereabouts),
    timeScale: setting.timeScale,
    mostFrames: setting.mostFrames,
    machine,
    // What stands between may be down on purpose.
    ...(network === undefined && {
      unreachable(failure: string) {
        // Where it is not there because its process has just ended, that end is the news.
        clock.after(GRACE_MS, () => {
          if (!endings.begun()) accuse(setting.server, `nothing listens at ${serverUrl} (${failure})`);
        });
      },
    }),
  });
  endings.add(() => relay.close());
  const url = relayedUrl(serverUrl, relay.port);
  const client = await startClient(
    setting,
    clock,
    linksOf(carrier).dialer(url, undefined, (error) => machine.note('connect to the proxy', error)),
    endings,
  );
  const stage: Stage = {
    environment: clock,
    recorder,
    lostMs: isInProcess(setting) ? () => 0 : lateness.lost,
    client,
    server: serverEnd(servers.able, () => servers.stop({ server: MAIN })),
    url,
    async serve(params) {
      const at = await listening(servers, params);
      const upstream = { ...addressOf(at, carrier, setting.server, allowRemote), authority: new URL(at).host };
      return { url: relayedUrl(at, await relay.listen(upstream, params.server)) };
    },
    stop: servers.stop,
    fault: relay.fault,
    toxic: toxicOf(network, recorder, setting.timeScale),
    failed: relay.failed,
    failure: relay.failure,
    taken: relay.taken,
    tearDown: endings.endAll,
  };
  return { stage, relay, network };
}

/** What a stage with a broker is set up with. */
interface Backstage {
  readonly carrier: Carrier;
  readonly clock: RealClock;
  readonly recorder: WireRecorder;
  readonly endings: Endings;
  readonly lateness: Lateness;
  readonly machine: Machine;
  readonly toxiproxy: RealWorldOptions['toxiproxy'];
}

/** Both ends dial a broker that other runs share, each instance by an address of its own. */
async function setBrokeredStage(
  setting: Setting,
  broker: RunningBroker,
  { carrier, clock, recorder, endings, lateness, machine, toxiproxy }: Backstage,
): Promise<{ stage: Stage; relay: Relay; network: ToxicNetwork | undefined }> {
  const space = `weir-${process.pid}-${randomBytes(6).toString('hex')}`;
  const address = { host: broker.host, port: broker.port };
  const network = setting.toxics === true ? await startNetwork(address, setting, clock, toxiproxy) : undefined;
  if (network !== undefined) endings.add(network.close);
  const relay = await startRelay({
    upstream: network?.address ?? address,
    recorder,
    environment: clock,
    tools: faultTools(setting.protocol, setting.binding, setting.match, recorder.whereabouts),
    timeScale: setting.timeScale,
    mostFrames: setting.mostFrames,
    machine,
  });
  const ways = new Map<string, Promise<string>>();
  const wayOf = (dialler: Instance): Promise<string> => {
    const key = `${dialler.role} ${dialler.instance}`;
    const way = ways.get(key) ?? relay.listenFor(dialler).then((port) => `${carrier.scheme}://127.0.0.1:${port}`);
    ways.set(key, way);
    return way;
  };
  const dialer = linksOf(carrier).dialer(`${carrier.scheme}://127.0.0.1:${relay.port}`, undefined, (error) =>
    machine.note('connect to the proxy', error),
  );
  endings.add(dialer.close);
  // What the run has left on the broker goes once nobody writes any more.
  endings.add(async () => {
    await relay.close();
    await broker.clear(space);
  });
  const servers = await startServers(setting, carrier, clock, endings, dialer);
  const serve = async (params: ServeParams): Promise<object> => {
    await servers.serve({ ...params, url: await wayOf({ role: 'server', instance: params.server }), space });
    return {};
  };
  if (setting.unserved !== true) await serve({ server: MAIN, ...setting.serve });
  const stage: Stage = {
    environment: clock,
    recorder,
    lostMs: isInProcess(setting) ? () => 0 : lateness.lost,
    client: await startClient(setting, clock, dialer, endings),
    server: serverEnd(servers.able, () => servers.stop({ server: MAIN })),
    url: '',
    broker: { space, address: wayOf, ask: (command) => broker.ask(command) },
    serve,
    stop: servers.stop,
    fault: relay.fault,
    toxic: toxicOf(network, recorder, setting.timeScale),
    failed: relay.failed,
    failure: relay.failure,
    taken: relay.taken,
    tearDown: endings.endAll,
  };
  return { stage, relay, network };
}

/** Starts a server that listens; gives where. */
async function listening(servers: Servers, params: ServeParams): Promise<string> {
  const url = await servers.serve(params);
  if (url === undefined) throw new Error('the server does not say where it listens');
  return url;
}

/** Whether nothing outside this process takes part in the run, so that its pauses are no time to anyone. */
function isInProcess({ client, server }: Setting): boolean {
  return client.kind === 'reference' && server.kind === 'reference';
}

/** The servers of a run: one peer plays them all. */
interface Servers {
  readonly able: ServerPeer | ReturnType<MakeReferenceServer>;
  /** Starts one; gives where it listens, if it does. */
  serve(params: ServeParams): Promise<string | undefined>;
  stop(params: StopParams): Promise<void>;
}

async function startServers(
  { server, events }: Setting,
  carrier: Carrier,
  clock: RealClock,
  endings: Endings,
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
        const listener = await linksOf(carrier).listen(served);
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

async function startClient({ client, events }: Setting, clock: RealClock, dialer: Dialer, endings: Endings): Promise<ClientEnd> {
  if (client.kind === 'implementation') return client.peer(events.client);
  endings.add(dialer.close);
  return client.make(clock, dialer.dial, events.client);
}

function startNetwork(address: Address, setting: Setting, clock: RealClock, toxiproxy: RealWorldOptions['toxiproxy']) {
  return toxiproxy?.network(address) ?? startEmbeddedNetwork(address, toxicSurroundings(clock, setting.seed));
}

/** The error of a server that is not where it said. */
function accuse(server: Setting['server'], reason: string): Error {
  return (server.kind === 'implementation' ? server.accuse?.('serve', reason) : undefined) ?? new Error(reason);
}

function addressOf(url: string, carrier: Carrier, server: Setting['server'], allowRemote: boolean): Address {
  const read = serverAddress(url, carrier, allowRemote);
  if (!read.ok) throw accuse(server, read.why);
  return read.address;
}

function relayedUrl(serverUrl: string, port: number): string {
  const url = new URL(serverUrl);
  url.hostname = '127.0.0.1';
  url.port = String(port);
  return url.href;
}
