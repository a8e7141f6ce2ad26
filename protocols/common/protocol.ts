import type * as z from 'zod';
import type { AdapterWords } from './adapter-words.ts';
import type { Binding, Equivalence } from './binding.ts';
import type { BrokerKind } from './broker.ts';
import type { ByteRange } from './byte-range.ts';
import type { CallLanguage } from './call-kind.ts';
import type { ClientPeer, PeerEvents, ServerPeer } from './control.ts';
import type { Accept, Dial, Environment } from './environment.ts';
import type { Field } from './field.ts';
import type { Frame, MessageFrame, Role } from './frame.ts';
import type { Invariant, RunFacts, StartInvariants } from './invariant.ts';
import type { Meter } from './limits.ts';
import type { CallFacts, CallReference, NormalisedTrace, VariationRule } from './normalise.ts';
import type { Promises } from './promises.ts';
import type { Retelling } from './retelling.ts';
import type { Decoded, DeliveredEvent, SentEvent, Trace } from './trace.ts';
import type { Whereabouts } from './whereabouts.ts';

/** A procedure of the standard test services, as `services.yaml` describes it. */
export interface ProcedureFacts {
  /** `test.add` */
  readonly name: string;
  /** Kind in the protocol's own word: rpc, stream, upload, subscription. */
  readonly kind: string;
}

/** How a wire pattern is matched: what each call name stands for on the wire. */
export interface MatchContext {
  /** What cases call the instance that dialled that connection, where both ends dial a broker. */
  dialledBy?(connection: number): string | undefined;
  /** Where a call, or what a script opened under a name, is on the wire, once it was seen there. */
  streamOf(name: string): CallReference | undefined;
}

/** All that the runner knows of a protocol. Pure: no I/O, no clock. `M` is the protocol's decoded message. */
export interface Protocol<M = unknown> extends CallLanguage {
  readonly name: string;
  readonly title: string;
  /** How it is carried; the first is taken where none is asked for. */
  readonly bindings: readonly Binding[];
  /** What people ask for, as a binding or a feature, and that is not there: by the names that they give it, with a sentence that says so. */
  readonly notThereYet?: { readonly named: RegExp; readonly says: string };
  /** Absent where no binding must behave like another. */
  readonly equivalence?: Equivalence;
  /** Whether what goes before the messages (the heads of an upgrade) is recorded and counts as frames. */
  readonly seesOpenings?: true;
  /** What both ends dial, who do not meet then; absent where clients dial servers. The registry gives it. */
  readonly broker?: BrokerKind;
  /** Nominal defaults in ms (and counts). */
  readonly timers: Readonly<Record<string, number>>;
  /** Names of timers that are counts and must not be scaled. */
  readonly counts: readonly string[];
  /** Names of the timers and counts after which a peer gives the other up; switched off while a person debugs. */
  readonly giveUpTimers?: readonly string[];
  /** Nominal ms of silence after which both ends have given a connection up; undefined where nothing watches for silence. */
  readonly silenceMs?: number;
  /** What applications may count on where the network fails; absent: what holds where nothing outlives its connection. */
  readonly promises?: Promises;
  /** How long a call is open that nobody answers, nominal ms; absent: whoever loses it is told at once. */
  readonly callLimitMs?: number;
  /** Kinds of frames that say nothing but that their sender is alive: no progress of anything. */
  readonly idleKinds?: readonly string[];
  /** Kinds of frames that open a connection and carry no number: no network repeats them, so no sweep does. */
  readonly unnumbered?: readonly string[];
  /**
   * Reads a message frame. What is nested deeper or holds more values than `MESSAGE_LIMITS`, or than the meter has left, is no
   * message: it is refused before anything is made of it. Never throws.
   */
  decode(frame: MessageFrame, at: Whereabouts, meter?: Meter): Decoded<M>;
  /**
   * The binding that a message tells by itself; undefined: it does not. Absent where messages of one binding cannot be read under another,
   * which tells them apart.
   */
  bindingTold?(message: M): string | undefined;
  /** Writes a message given as a plain value, however wrong; for scripts and faults. Throws when the binding cannot carry it. */
  encode(message: unknown, binding: string): MessageFrame;
  /** One line for people and pictures. */
  summarise(frame: Frame, decoded: Decoded<M> | undefined): string;
  /** Which bytes of a frame make which member of its message, outer ones first; of broken ones as far as they can be read. Never throws. */
  fields(frame: MessageFrame, at: Whereabouts): readonly Field[];
  /** Kind of message, for patterns and fingerprints: `open`, `data`, `heartbeat`, `undecodable`, … */
  kindOf(frame: Frame, decoded: Decoded<M> | undefined): string;
  /** The stream that a message is on, as it is named on the wire; absent, or undefined, where there is none. */
  streamIdOf?(message: M): string | undefined;
  /** Grammar of wire patterns in cases; strict. */
  readonly wirePattern: z.ZodType;
  /** Undefined on a match, else why not. `pattern` was parsed by `wirePattern`. */
  mismatch(pattern: unknown, event: SentEvent<M> | DeliveredEvent<M>, context: MatchContext): string | undefined;
  /** Finds where each call is on the wire, by its name. */
  bindCalls(trace: Trace<M>, calls: readonly CallFacts[]): ReadonlyMap<string, CallReference>;
  normalise(trace: Trace<M>, calls: readonly CallFacts[], facts: RunFacts): NormalisedTrace;
  readonly variations: readonly VariationRule[];
  readonly invariants: readonly Invariant<M>[];
  /** All of `invariants` together over one trace: what they report is what each reports alone. */
  readonly startInvariants: StartInvariants<M>;
  /** Names of the invariants that rest on how long something took. */
  readonly timedInvariants?: readonly string[];
  /** What it puts into the messages between the runner and an adapter. */
  readonly adapterWords: AdapterWords;
  /** Grammar of `peer:` steps for each role a case may script; strict. */
  readonly peerScript: Readonly<Record<Role, z.ZodType>>;
  /**
   * Ways of telling a trace again: which steps make applications, and the peer of the end under test, do what they did. Absent where
   * nobody has taught the protocol to.
   */
  readonly retellings?: readonly Retelling<M>[];
  /**
   * Where a decoded message carries secrets, as keys from its root (of a list, indexes): whatever is below must not be told. `isSecret` says
   * it of a name, for what is a name in the protocol and no key of the message.
   */
  secretPaths(message: M, isSecret: (name: string) => boolean): readonly (readonly string[])[];
  /**
   * Of metadata in bytes, what must not be told, as [from, to) in order: a route, which names a procedure, is no secret, a token beside it
   * is. Undefined: all of it; absent: of any metadata. What `secretPaths` leads to is secret as a whole.
   */
  secretParts?(metadata: Uint8Array): readonly ByteRange[] | undefined;
  /**
   * The bytes of a frame whose values stand in others than they are written in (compressed, or in JSON in a text): written anew with what
   * `mask` makes of them, the same bytes where that is nothing else. Absent where in every frame a secret stands as it is.
   */
  masked?(frame: MessageFrame, at: Whereabouts, mask: Masking): Uint8Array;
  /** Names that stand before secrets in a frame, for frames that cannot be read: what follows is not told. */
  readonly secretWords: readonly string[];
}

/** What takes the secrets out of values, and out of bytes of the same length; gives what has none as it is. */
export interface Masking {
  /** A value by the names of its members. */
  value(value: unknown): unknown;
  bytes(bytes: Uint8Array): Uint8Array;
  /** A text that is a secret. */
  secret(text: string): string;
}

/** A reference peer's answer to `peer:` steps. */
export interface Scriptable {
  /**
   * Carries out one command, already parsed by the protocol's grammar for this role. Throws an Error saying why where
   * it cannot. `streamOf` finds a call that the other end made; names it does not know are this peer's own.
   */
  script(command: unknown, context: MatchContext): void | Promise<void>;
  /** Where on the wire is what this peer's script opened under a name; undefined for other names. */
  streamId?(name: string): CallReference | undefined;
  /** Whether what opens that call has reached this peer; absent where the peer opens all of them itself. */
  hasSeen?(call: CallReference): boolean;
  /** How many message frames it has received, on all its connections: those it has made something of. */
  received?(): number;
}

/** Makes a reference client; every connection it opens comes from `dial`. */
export type MakeReferenceClient = (environment: Environment, dial: Dial, events: PeerEvents) => ClientPeer & Scriptable;

/**
 * Makes a reference server; the world calls `accept` of the answer of `serve` with each connection. Where both ends dial a broker it dials
 * by `dial`, and `serve` resolves once it serves.
 */
export type MakeReferenceServer = (
  environment: Environment,
  events: PeerEvents,
  dial?: Dial,
) => Omit<ServerPeer, 'serve'> & Scriptable & { serve(params: Parameters<ServerPeer['serve']>[0]): Accept | Promise<void> };

/** What a server that listens accepts with. Throws an Error where it has dialled a broker instead. */
export function acceptOf(served: Accept | Promise<void>): Accept {
  if (typeof served === 'function') return served;
  throw new Error('the server has dialled, where it was to listen');
}
