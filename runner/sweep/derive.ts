import type { Role } from '../../protocols/common/frame.ts';
import { OF_A_CONNECTION, type SweepKind, sweepKinds } from '../../protocols/common/promises.ts';
import type { Protocol } from '../../protocols/common/protocol.ts';
import { where } from '../../protocols/common/sequence.ts';
import { isSent, type Trace } from '../../protocols/common/trace.ts';
import type { LoadedCase } from '../cases/case.ts';
import { serverNames } from '../cases/servers.ts';
import type { Action, Step } from '../cases/step.ts';
import type { Fault } from '../faults/fault.ts';

/** One variant: which frame of which end (counted from 1 in the golden trace), and what happens to it. */
export interface Variant {
  readonly kind: SweepKind;
  readonly from: Role;
  readonly nth: number;
}

/** How a variant is written behind a case id: `cut-before:client:3`. */
export function variantName({ kind, from, nth }: Variant): string {
  return `${kind}:${from}:${nth}`;
}

/** Reads what `variantName` writes; undefined for anything else. */
export function readVariant(name: string): Variant | undefined {
  const [, word, from, nth] = /^([a-z-]+):(client|server):([1-9]\d*)$/.exec(name) ?? [];
  const kind = sweepKinds.find((each) => each === word);
  return kind === undefined ? undefined : { kind, from: from === 'client' ? 'client' : 'server', nth: Number(nth) };
}

/**
 * Whether variants can be derived from a case: its steps are only what applications do and read, so that they mean the same
 * under any outage that the protocol bridges.
 */
export function isNominal(loaded: LoadedCase): boolean {
  return loaded.steps.every(({ action }) => APPLICATION.has(action.kind)) && !loaded.steps.some(({ action }) => setsOptions(action));
}

const APPLICATION: ReadonlySet<Action['kind']> = new Set([
  ...(['connect', 'invoke', 'send', 'credit', 'start', 'receive', 'finish', 'end'] as const),
]);

/** Options may switch off the very thing that bridges an outage; metadata that changes with each attempt ties a case to their number. */
function setsOptions(action: Action): boolean {
  if (action.kind !== 'connect') return false;
  return Object.keys(action.options).length + Object.keys(action.timers).length > 0 || (action.metadata?.length ?? 0) > 1;
}

/**
 * The variants of a case: each kind at each message frame that either end sends in its golden trace. Of an end that sends very
 * many, those at which it begins and ends and some in between.
 */
export function variantsOf(golden: Trace, kinds: readonly SweepKind[], protocol: Pick<Protocol, 'kindOf' | 'unnumbered'>): Variant[] {
  const frames = [...where(golden, isSent)];
  return (['client', 'server'] as const).flatMap((from) => {
    const all = frames.filter((event) => event.from === from);
    const sent = all.filter(({ frame }) => frame.class === 'data');
    return spread(sent.length).flatMap((i) => {
      const event = sent[i];
      if (event === undefined) return [];
      const repeatable = !protocol.unnumbered?.includes(protocol.kindOf(event.frame, event.decoded));
      return kinds.filter((kind) => kind !== 'duplicate' || repeatable).map((kind) => ({ kind, from, nth: all.indexOf(event) + 1 }));
    });
  });
}

/** Frames that the variants of one kind and end may send together: each variant sends them all, which must not grow as a square. */
const FRAMES_A_KIND = 2000;

/** Fewest frames of an end at which variants strike, where it sends so many. */
const FEWEST = 6;

/** Which of so many frames to strike at: indexes in order, all of them where that is affordable, always the first and the last. */
export function spread(frames: number): number[] {
  const count = Math.min(frames, Math.max(FEWEST, Math.floor(FRAMES_A_KIND / frames)));
  return Array.from({ length: count }, (_, i) => (count === 1 ? 0 : Math.round((i * (frames - 1)) / (count - 1))));
}

/** What a sweep asks of a protocol. */
export type SweepLanguage = Pick<Protocol, 'promises' | 'silenceMs' | 'callLimitMs'>;

/** The kinds of variants that mean something in a protocol. */
export function kindsOf({ promises = OF_A_CONNECTION, silenceMs }: SweepLanguage): SweepKind[] {
  return sweepKinds.filter((kind) => promises[kind] !== undefined && (kind !== 'silence' || silenceMs !== undefined));
}

/** Whether applications still read what they would have read undisturbed. */
export function isBridged({ promises = OF_A_CONNECTION }: SweepLanguage, kind: SweepKind): boolean {
  return promises[kind] === 'bridged';
}

/**
 * The variant as a case: its fault is armed before the first step. What applications must still see stays, with more time to
 * see it in; what only the undisturbed wire shows is left out. What the protocol does not bridge it promises nothing of but
 * the rules, and that each call whose end the case awaits does end.
 */
export function deriveCase(loaded: LoadedCase, variant: Variant, protocol: SweepLanguage): LoadedCase {
  const bridged = isBridged(protocol, variant.kind);
  const actions = bridged ? loaded.steps.map(({ action }) => patient(action)) : untilTold(loaded, protocol.callLimitMs ?? 0);
  const fault: Action = { kind: 'fault', fault: faultOf(variant, protocol.silenceMs ?? 0) };
  const [first] = loaded.steps;
  const steps = [fault, ...actions].map(
    (action, index): Step => ({
      index,
      line: first?.line ?? 1,
      column: first?.column ?? 1,
      requirement: undefined,
      text: textOf(action),
      action,
    }),
  );
  return { ...loaded, id: `${loaded.id}~${variantName(variant)}`, steps, expect: [], trace: 'free', aliases: [] };
}

/** Longest wait of a derived step, nominal ms: an outage, its detection and a reconnect with back-off fit in. */
export const PATIENT_MS = 12_000;

function patient(action: Action): Action {
  return reads(action) ? { ...action, within: PATIENT_MS } : action;
}

function reads(action: Action): action is Extract<Action, { kind: 'start' | 'receive' | 'end' }> {
  return action.kind === 'start' || action.kind === 'receive' || action.kind === 'end';
}

/** What the applications do, all of it before what happened is noticed; then every call that the case sees end must be over, be it by its own limit. */
function untilTold(loaded: LoadedCase, callLimitMs: number): Action[] {
  const acting = loaded.steps.flatMap(({ action }) => (reads(action) ? [] : [action]));
  const ending = loaded.steps.flatMap(({ action }) => (action.kind === 'end' ? [action.call] : []));
  return [
    ...acting,
    ...ending.map((call): Action => ({ kind: 'end', call, error: undefined, within: PATIENT_MS + callLimitMs, whatever: true })),
  ];
}

function textOf(action: Action): string {
  if (action.kind === 'fault') return `fault: ${JSON.stringify(action.fault)}`;
  return 'call' in action ? `${action.kind}: ${action.call}` : action.kind;
}

/**
 * Whether a case can say anything of what the protocol does not bridge: somebody waits for an end, and no server calls, since its calls
 * take the very connection that is lost.
 */
export function canBeTold({ steps }: LoadedCase): boolean {
  const servers = serverNames(steps);
  const calledByServers = steps.some(({ action }) => action.kind === 'invoke' && servers.has(action.at));
  return !calledByServers && steps.some(({ action }) => action.kind === 'end');
}

/** The fault that makes the variant. */
export function faultOf({ kind, from, nth }: Variant, silenceMs: number): Fault {
  const tied = { frame: { from }, nth };
  switch (kind) {
    case 'cut-before':
      return { cut: { ...tied, at: 'before' } };
    case 'cut-inside':
      return { cut: { ...tied, at: 'inside' } };
    case 'cut-after':
      return { cut: { ...tied, at: 'after' } };
    case 'drop':
      return { stall: tied };
    case 'duplicate':
      return { duplicate: tied };
    case 'split':
      return { split: tied };
    case 'silence':
      return { delay: { ...tied, for: silenceMs } };
    case 'outage':
      return { cut: { ...tied, at: 'before', reconnect: 'refuse' } };
  }
}
