import type { Asking, BrokerKind } from '../../protocols/common/broker.ts';
import type { Calling, ClientPeer, PeerEvents, ServeParams, ServerPeer, StopParams } from '../../protocols/common/control.ts';
import type { Environment } from '../../protocols/common/environment.ts';
import type { Role } from '../../protocols/common/frame.ts';
import type { Instance } from '../../protocols/common/instance.ts';
import type { MakeReferenceClient, MakeReferenceServer, MatchContext, Protocol, Scriptable } from '../../protocols/common/protocol.ts';
import type { ApplicationHappening, Trace, TraceEvent } from '../../protocols/common/trace.ts';
import type { Outage } from '../cases/step.ts';
import type { Fault } from '../faults/fault.ts';
import type { ToxicCommand } from '../toxics/toxic.ts';
import type { Machine } from './machine.ts';

/** Gathers a run's trace. Listeners hear each event once it is in the trace. */
export interface Recorder {
  readonly trace: Trace;
  application(role: Role, instance: string, event: ApplicationHappening): void;
  step(step: number, phase: 'begin' | 'end'): void;
  /** Returns the function that stops listening. */
  listen(listener: (event: TraceEvent) => void): () => void;
  /** Gives the disk back that a long trace takes; it cannot be read afterwards. */
  readonly close: () => void;
}

/** The client end of a run as the steps drive it. `script` is absent where the end is under test. */
export type ClientEnd = ClientPeer & Partial<Scriptable>;

/** The server end of a run. The world has started it already. */
export interface ServerEnd extends Partial<Scriptable>, Partial<Calling> {
  stop(): Promise<void>;
}

/** An end played by an implementation. */
export interface ImplementationEnd<P> {
  readonly kind: 'implementation';
  readonly peer: (events: PeerEvents) => Promise<P>;
  /** Resolves with the error when the adapter breaks during the run. */
  readonly failed?: Promise<Error>;
  /** Ms of wall clock that the adapter's process lost so far. */
  readonly lostMs?: () => number;
  /** The one address of the loopback that it dials, where it takes no other. */
  readonly dials?: '127.0.0.1' | undefined;
  /** Whether its process had carried out nothing before this run. */
  readonly fresh?: () => boolean;
  /** Something that the adapter answered to `method` turned out not to be so: `failed` then resolves, with the error given here. */
  readonly accuse?: (method: string, reason: string) => Error;
}

/** What a run asks of its world. */
export interface Setting {
  readonly protocol: Protocol;
  readonly binding: string;
  readonly seed: number;
  /** Factor from nominal to this world's ms (simulated: 1). */
  readonly timeScale: number;
  readonly serve: Omit<ServeParams, 'server'>;
  /** Whether no server is there without a step. */
  readonly unserved?: boolean;
  readonly client: { readonly kind: 'reference'; readonly make: MakeReferenceClient } | ImplementationEnd<ClientPeer>;
  readonly server: { readonly kind: 'reference'; readonly make: MakeReferenceServer } | ImplementationEnd<ServerPeer>;
  /** Events of both ends' applications. */
  readonly events: { readonly client: PeerEvents; readonly server: PeerEvents };
  /** Whether the broker between the ends is of this run alone, so that what happens to it harms nobody else. */
  readonly ownBroker?: boolean;
  /** Whether `toxic` will be asked for; only then are toxics put between the proxy and the server. */
  readonly toxics?: boolean;
  /** Frames that either end may send, fragments counted, before it floods the run; undefined: any number. Real world only. */
  readonly mostFrames?: number | undefined;
  /** Used by frame patterns of faults. */
  readonly match: MatchContext;
}

/** The broker of a run. */
export interface BrokerAtHand extends Asking {
  /** Lets something happen to all of it. Rejects with an Error saying why where it cannot: only one that is of this run alone. */
  outage(what: Outage): Promise<void>;
  /** What every name on it that belongs to the run begins with. */
  readonly space: string;
  /** Where that instance dials it, through the proxy: each has an address of its own. */
  address(dialler: Instance): Promise<string>;
}

/** A running setting: two ends with the proxy between them. */
export interface Stage {
  readonly environment: Environment;
  readonly recorder: Recorder;
  readonly client: ClientEnd;
  readonly server: ServerEnd;
  /** Where clients dial the server that is there without a step; a made-up address in the simulated world. Where there is a broker nobody dials a server. */
  readonly url: string;
  /** What both ends dial, where they do not meet. */
  readonly broker?: BrokerAtHand;
  /**
   * Starts a further server behind the proxy, under its handle. Resolves with where clients dial it; rejects with an Error saying why
   * it cannot be.
   */
  serve(params: ServeParams): Promise<{ readonly url?: string | undefined }>;
  /** Ends a server that `serve` started. */
  stop(params: StopParams): Promise<void>;
  /** Arms, lifts or carries out a fault. Throws an Error saying why where it cannot. */
  fault(fault: Fault): void;
  /** Changes the network between the proxy and the server that is there without a step; times are nominal. Rejects with an Error saying why where it cannot. */
  toxic(command: ToxicCommand): Promise<void>;
  /** Resolves with the error when the run cannot go on: an end floods it, or the machine refuses something. */
  readonly failed?: Promise<Error>;
  /** That error, where there is one. */
  readonly failure?: () => Error | undefined;
  /** Ms of wall clock that the runner lost so far; absent where losing time changes nothing. */
  readonly lostMs?: () => number;
  /** Bytes that an end has sent so far, whatever became of them; absent where frames are no bytes. */
  readonly taken?: (from: Role) => number;
  /** Ends everything that the stage started; resolves when it is gone. */
  tearDown(): Promise<void>;
}

/**
 * A world runs settings. `run` sets the stage, calls `play` and tears down, whatever `play` does. In the simulated world
 * time passes only while `play` waits for something of the stage's environment.
 */
export interface World {
  readonly name: 'real' | 'simulated';
  readonly timeScale: number;
  /** Least that a wait without a stated bound lasts, in this world's ms: machines may be slow, virtual time is not. */
  readonly patienceMs: number;
  run<T>(setting: Setting, play: (stage: Stage) => Promise<T>): Promise<T>;
  /**
   * Makes sure that a broker of that kind can be had. Resolves with where it is, or with why this machine has none; rejects with a
   * `BrokerError` where the one that the user named cannot be used. Absent where there is a model of each.
   */
  provide?(kind: BrokerKind): Promise<{ readonly url: string } | { readonly lacking: string }>;
  /** What the machine refused; absent where nothing is asked of it. */
  readonly machine?: Machine;
  /** Resolves when another run can start without those under way losing time by it. */
  ready(): Promise<void>;
  /** Releases what the world holds between runs. */
  close(): Promise<void>;
}
