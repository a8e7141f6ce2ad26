import type { Carrier } from '../../protocols/common/carrier.ts';
import type { Instance } from '../../protocols/common/instance.ts';
import type { RunFacts } from '../../protocols/common/invariant.ts';
import type { Protocol } from '../../protocols/common/protocol.ts';
import type { TraceEvent } from '../../protocols/common/trace.ts';
import { computedMs } from '../computed-ms.ts';
import type { ArmedFault } from '../faults/armed.ts';
import type { Fault } from '../faults/fault.ts';
import { faultTools } from '../faults/tools.ts';
import type { RequirementOf } from '../judge/judgement.ts';
import type { Secret } from '../masking/gather.ts';
import type { Masker } from '../masking/masker.ts';
import { learnFromWire } from '../masking/of-run.ts';
import type { Secrets } from '../masking/secrets.ts';
import type { Address } from '../toxics/network.ts';
import { startClock } from '../worlds/real/clock.ts';
import { atUsual } from '../worlds/real/listening.ts';
import { startRelay } from '../worlds/real/relay.ts';
import { createRecorder, type WireRecorder } from '../worlds/recorder.ts';
import { spareTimeCollector } from './collect.ts';
import { factsOfStrangers } from './facts.ts';
import { type Guess, guessBinding } from './guess.ts';
import { startReader, TAP_PACE, type TraceReader } from './reader.ts';
import { type Breach, startWatch, type Tally, type Watch } from './watch.ts';

/** What stands between programs that know nothing of Weir. */
export interface TapSetting {
  readonly protocol: Protocol;
  /** What carries it. */
  readonly carrier: Carrier;
  /** One of that carrier's; undefined: guessed. */
  readonly binding: string | undefined;
  readonly upstream: Address & { readonly authority: string };
  /** Port of the loopback to listen on; 0: a free one. */
  readonly port: number;
  /** Who dials where both ends dial a broker, each at a port of its own: that one, and those behind it. Empty: clients dial a server. */
  readonly diallers: readonly Instance[];
  readonly requirementOf: RequirementOf;
  /** Timers of the programs, ms, where they are not the protocol's defaults. */
  readonly timers: Readonly<Record<string, number>>;
  readonly secrets: Secrets;
  /** Bytes that older events may take on disk. */
  readonly onDisk: number;
  readonly seed: number;
}

/** Who hears what a tap sees; in order, soon after it happened. Secrets are known before what holds them is told. */
export interface TapListener {
  event(event: TraceEvent): void;
  breach(breach: Breach): void;
  /** The binding, as soon as it is known. */
  binding?(binding: string): void;
  /** The server was never reached, and why not. */
  unreachable?(failure: string): void;
}

/** Where one end dials the broker. */
export interface Way {
  readonly dialler: Instance;
  readonly port: number;
}

/** A tap at work. */
export interface Tap {
  readonly port: number;
  /** Where each of the diallers dials, in their order. */
  readonly ways: readonly Way[];
  readonly recorder: WireRecorder;
  readonly guess: Guess;
  readonly reader: TraceReader;
  /** As the invariants take them. */
  facts(): RunFacts;
  tally(): Tally;
  /** Arms, lifts or carries out a fault. Throws an Error saying why where it cannot. */
  fault(fault: Fault): void;
  /** Lifts a fault at work, by its `id`. Throws an Error where it is not at work any more. */
  lift(id: number): void;
  /** The faults at work. */
  armed(): readonly ArmedFault[];
  /** Grows whenever they change. */
  armedRevision(): number;
  /** Something that stops the passing of frames, such as a full disk. */
  failure(): Error | undefined;
  /** Ms since it began. */
  now(): number;
  /** Ends all connections, reads what is left and hears what only the end shows. The trace can be read until `release`. */
  close(): Promise<void>;
  /** A masker that tells the secrets apart which came by so far. */
  masker(): Masker;
  /** Gives the disk back. */
  release(): void;
}

/** Secrets that are told apart where they are masked; others are masked alike. */
const MOST_TOLD_APART = 1000;

/** Bytes of events that are in memory at most, so that what passes in haste need not wait for the disk, and those that stay there. */
const IN_MEMORY = 256 * 1024 * 1024;
const AT_REST = 8 * 1024 * 1024;

/** Frames of which it is remembered what they say: a delivery is read soon after what was sent. */
const REMEMBERED = 256;

/** Starts a tap. Rejects where it cannot listen. */
export async function startTap(setting: TapSetting, listener: TapListener): Promise<Tap> {
  const { protocol, secrets, upstream, port, requirementOf, timers } = setting;
  secrets.speaks(protocol);
  const guess = guessBinding(protocol, setting.carrier, setting.binding);
  const clock = startClock(setting.seed);
  const recorder = createRecorder({ decode: guess.decode }, '', clock.now, {
    events: Number.POSITIVE_INFINITY,
    bytes: Number.POSITIVE_INFINITY,
    inMemory: IN_MEMORY,
    atRest: AT_REST,
    onDisk: setting.onDisk,
    values: Number.POSITIVE_INFINITY,
    remembered: REMEMBERED,
  });
  const seen: Secret[] = [];
  let watch: Watch | undefined;
  const facts = (): RunFacts => factsOfStrangers(protocol, guess.taken(), timers);

  /** What waits to be judged until it is known how it is read. */
  const waiting: TraceEvent[] = [];
  let announced = guess.told;

  function read(event: TraceEvent): void {
    if (event.type === 'sent' || (event.type === 'delivered' && (event.altered || event.of === undefined))) {
      for (const secret of learnFromWire(secrets, [event], protocol))
        if (seen.length < MOST_TOLD_APART && !seen.includes(secret)) seen.push(secret);
    }
    if (!announced && guess.known() !== undefined) {
      announced = true;
      listener.binding?.(guess.taken());
    }
    listener.event(event);
    if (watch !== undefined) {
      judge(watch, event);
      return;
    }
    waiting.push(event);
    // Whoever says nothing readable first is judged by the binding that comes first.
    if ((event.type === 'sent' && event.decoded !== undefined) || waiting.length >= MOST_WAITING) begin();
  }

  function begin(): Watch {
    const begun = startWatch(protocol, facts(), requirementOf);
    watch = begun;
    for (const event of waiting.splice(0)) judge(begun, event);
    return begun;
  }

  function judge(by: Watch, event: TraceEvent): void {
    for (const breach of by.observe(event)) listener.breach(breach);
  }

  const tools = faultTools(
    { ...protocol, decode: guess.decode, encode: (message) => protocol.encode(message, guess.taken()) },
    guess.taken(),
    { streamOf: (name) => name },
    recorder.whereabouts,
  );
  const [first, ...others] = setting.diallers;
  const relay = await startRelay({
    upstream,
    dialler: first,
    recorder,
    environment: clock,
    tools,
    timeScale: 1,
    at: atUsual(port),
    unreachable: (failure) => listener.unreachable?.(failure),
  });
  const ways: Way[] = first === undefined ? [] : [{ dialler: first, port: relay.address.port }];
  try {
    for (const dialler of others) {
      const { port: its } = await relay.listenFor(dialler, () => upstream, atUsual(port === 0 ? 0 : port + ways.length));
      ways.push({ dialler, port: its });
    }
  } catch (error) {
    await relay.close();
    clock.stop();
    recorder.close();
    throw error;
  }
  const reader = startReader(
    recorder,
    read,
    { now: clock.now, computed: computedMs },
    { ...TAP_PACE, mostBytesBehind: (IN_MEMORY + setting.onDisk) / 2 },
    spareTimeCollector(),
  );
  if (guess.told) begin();
  return {
    port: relay.address.port,
    ways,
    recorder,
    guess,
    reader,
    facts,
    tally: () => watch?.tally() ?? { examined: { client: new Set(), server: new Set(), broker: new Set() }, broken: [] },
    fault: relay.fault,
    lift: relay.lift,
    armed: relay.armed,
    armedRevision: relay.armedRevision,
    failure: relay.failure,
    now: clock.now,
    async close() {
      await relay.close();
      clock.stop();
      reader.end();
      const by = watch ?? begin();
      for (const breach of by.finish()) listener.breach(breach);
    },
    masker: () => secrets.maskerOf(seen),
    release: recorder.close,
  };
}

/** Events that wait for the first message to be judged. */
const MOST_WAITING = 64;
