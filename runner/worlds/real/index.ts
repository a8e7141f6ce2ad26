import { bindingOf } from '../../../protocols/common/binding.ts';
import type { BrokerKind, RunningBroker } from '../../../protocols/common/broker.ts';
import type { Address, ToxicNetwork } from '../../toxics/network.ts';
import { type Machine, startMachine } from '../machine.ts';
import { createRecorder } from '../recorder.ts';
import { FloodError } from '../run-errors.ts';
import type { Setting, World } from '../world.ts';
import { startAdmission, timerLateness } from './admission.ts';
import { setBrokeredStage } from './brokered-stage.ts';
import { startClock } from './clock.ts';
import { setDirectStage } from './direct-stage.ts';
import { type Endings, startEndings } from './endings.ts';
import { type Lateness, startLateness } from './lateness.ts';
import { type OwnPlaces, ownPlaces } from './listening.ts';
import { isInProcess } from './run-ends.ts';
import { type SharedBrokers, shareBrokers } from './shared-brokers.ts';
import type { Staged } from './staging.ts';
import { type AttentiveTime, attentiveTime, wallNow } from './time.ts';

/** A busy machine, or an interpreter that serves many runs at once, may need this long for what costs nothing. */
const PATIENCE_MS = 3000;

/** What a real world is made of. */
export interface RealWorldOptions {
  /** Factor from nominal to the world's ms. */
  readonly timeScale: number;
  /**
   * The port of 127.0.0.1 that clients dial, which allows one run at a time; 0: a free one for each. Where it is left out each run has a place
   * that nobody else dials.
   */
  readonly port?: number | undefined;
  /** Where runs listen; worlds of one process share it, so that none is given what another was given. */
  readonly places?: OwnPlaces | undefined;
  /** Whether a server under test may be elsewhere than on the loopback. */
  readonly allowRemote?: boolean | undefined;
  /** A Toxiproxy to run toxics on; without it they run in this process. */
  readonly toxiproxy?: { network(server: Address): Promise<ToxicNetwork> } | undefined;
  /** A broker that is there already; without it one is started when a run first needs it. */
  readonly brokerUrl?: string | undefined;
}

/** The world of sockets, processes and the wall clock. */
export function realWorld({ timeScale, places = ownPlaces(), ...options }: RealWorldOptions): World {
  const attentive = attentiveTime();
  const machine = startMachine();
  const lateness = startLateness();
  const brokers = shareBrokers(options.brokerUrl, places.host);
  return {
    machine,
    name: 'real',
    timeScale,
    patienceMs: PATIENCE_MS,
    async run(setting, play) {
      const endings = startEndings();
      try {
        const { stage, relay, lost } = await setStage(setting, endings, { attentive, lateness, machine, brokers, places }, options).catch(
          (error: unknown) => {
            throw machine.note('set the stage of the run', error) ?? error;
          },
        );
        const result = await play(stage).catch(async (error: unknown) => {
          throw (await lost()) ?? error;
        });
        const failure = (await lost()) ?? relay.failure();
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

/** What the runs of a world share. */
interface Shared {
  readonly attentive: AttentiveTime;
  readonly lateness: Lateness;
  readonly machine: Machine;
  readonly brokers: SharedBrokers;
  readonly places: OwnPlaces;
}

async function setStage(
  setting: Setting,
  endings: Endings,
  { attentive, lateness, machine, brokers, places }: Shared,
  { toxiproxy, port, allowRemote = false }: Omit<RealWorldOptions, 'timeScale' | 'places'>,
): Promise<Staged> {
  const clock = startClock(setting.seed, isInProcess(setting) ? attentive.now : wallNow);
  endings.add(attentive.watch());
  // Where all there is lives in this process, what it loses is lost to all alike.
  if (!isInProcess(setting)) endings.add(lateness.watch());
  endings.add(() => clock.stop());
  const { protocol, binding } = setting;
  const { carrier } = bindingOf(protocol, binding);
  const recorder = createRecorder(protocol, binding, clock.now);
  const backstage = { carrier, clock, recorder, endings, lateness, machine, toxiproxy, places, port };
  return protocol.broker === undefined
    ? setDirectStage(setting, backstage, allowRemote)
    : setBrokeredStage(setting, await brokerFor(setting, protocol.broker, brokers, endings), backstage);
}

/** The broker that runs share, or one for this run, which ends with it. */
async function brokerFor({ ownBroker }: Setting, kind: BrokerKind, brokers: SharedBrokers, endings: Endings): Promise<RunningBroker> {
  if (ownBroker !== true) return brokers.of(kind);
  const own = await brokers.own(kind);
  endings.add(own.close);
  return own;
}
