import { type Party, peerOf, type Role } from '../../protocols/common/frame.ts';
import type { RunFacts } from '../../protocols/common/invariant.ts';
import type { CallFacts } from '../../protocols/common/normalise.ts';
import type { Protocol } from '../../protocols/common/protocol.ts';
import { BEFORE, type Deed, type Manner, type Retelling, type Retold } from '../../protocols/common/retelling.ts';
import { type ApplicationEvent, type DeliveredEvent, senderOf, type Trace, type TraceEvent } from '../../protocols/common/trace.ts';
import { isPlainObject, toTagged } from '../../protocols/common/value.ts';
import type { WrittenCase, WrittenStep } from '../cases/write.ts';
import type { Words } from '../fuzz/words.ts';
import { judgeInvariants } from '../judge/invariant-judge.ts';
import type { Draft } from './draft.ts';
import { frameFaults } from './lost-frames.ts';

/** What somebody's traffic is, beside its events. */
export interface Capture {
  readonly trace: Trace;
  readonly role: Role;
  readonly facts: RunFacts;
  readonly calls: readonly CallFacts[];
  /** Ms of the trace per nominal ms. */
  readonly timeScale: number;
  /** Event up to which the trace has to be told; undefined: all of it. */
  readonly until: number | undefined;
}

/** What a protocol's words for generated scenarios say that cases of traffic need too. */
export type Phrases = Pick<Words, 'never' | 'features' | 'requirements'>;

/** Says that a protocol has no words for traces. */
export class UntoldError extends Error {
  override readonly name = 'UntoldError';
}

/** A step, and when it was done. */
interface Timed {
  /** Behind which event. */
  readonly n: number;
  readonly t: number;
  readonly step: WrittenStep;
  /** Who does it, where that is known. */
  readonly by?: Deed['by'] | undefined;
  /** Whether something is done, for which it may be early; else it only waits. */
  readonly acts: boolean;
}

/** A silence that is told, nominal ms. */
const SILENCE_MS = 250;

/** What a peer may need for what it is told, nominal ms. */
export const BREATH_MS = 20;

/** How much later than the last thing that counts is looked, nominal ms. */
const AFTERMATH_MS = 1500;

/** Longest wait for a frame that came late, nominal ms beyond when it came. */
const PATIENCE_MS = 4000;

/**
 * Makes drafts of a trace, one for each way in which its protocol tells traces, the likeliest first: a server under test is told by what
 * the client was asked for, where nothing holds it against that client that it broke a rule; a client under test by the frames that its
 * server sent. Throws an `UntoldError` where the protocol cannot tell traces.
 */
export function draftsFromWire(
  protocol: Protocol,
  capture: Capture,
  words: Phrases,
  head: Omit<WrittenCase, 'steps'>,
): readonly [Draft, ...Draft[]] {
  const { role, trace, facts } = capture;
  const lawful = (): boolean =>
    judgeInvariants(protocol, trace, { ...facts, scripted: [role] }, peerOf(role), () => undefined).findings.length === 0;
  const order: readonly Manner[] = role === 'server' && lawful() ? ['mixed', 'calls', 'frames'] : ['mixed', 'frames', 'calls'];
  const [first, ...more] = (protocol.retellings ?? [])
    .toSorted((a, b) => order.indexOf(a.manner) - order.indexOf(b.manner))
    .map((retelling) => draftOf(protocol, retelling, capture, words, head));
  if (first === undefined) throw new UntoldError(`${protocol.title} has no words for traces yet`);
  return [first, ...more];
}

/** A draft of a trace: applications' steps, faults and what the peer is made to do, in the order of the wire. What the end under test sent is awaited where something follows on it. */
function draftOf(
  protocol: Protocol,
  { manner, retell }: Retelling,
  capture: Capture,
  words: Phrases,
  head: Omit<WrittenCase, 'steps'>,
): Draft {
  const { role, facts, calls, timeScale } = capture;
  const trace = upTo(capture);
  const { binding, procedureKinds, timers } = facts;
  const retold = retell(trace, { underTest: role, binding, procedureKinds, timers, calls, timeScale });
  const faults = frameFaults(trace, (event) => retold.pattern(event), timeScale);
  const applications = role === 'client' || manner === 'calls' ? applicationSteps(trace, retold) : undefined;
  // Where both ends dial a broker, how often and when they do is their own.
  const isBrokered = protocol.broker !== undefined;
  const timeOf = (n: number): number => trace.at(Math.max(0, Math.min(Math.ceil(n), trace.length - 1)))?.t ?? 0;
  const deeds = retold.deeds.filter(({ by, step }) => by === 'peer' || applications === undefined || 'connect' in step);
  const steps: Timed[] = [
    ...deeds.map(({ n, by, step }) => ({ n, t: n < 0 ? 0 : timeOf(n), step, acts: true, by })),
    ...(applications ?? []),
    ...faults.struck.map(({ n, step }) => ({ n, t: n < 0 ? 0 : timeOf(n), step, acts: true })),
    ...(isBrokered ? [] : connectionSteps(trace, role, faults.cut)),
    ...awaited(protocol, trace, role, retold),
  ];
  const ordered = steps.map((step, i) => ({ step, i })).sort((a, b) => a.step.n - b.step.n || a.i - b.i);
  const last = trace.at(trace.length - 1)?.t ?? 0;
  return {
    role,
    binding,
    written: {
      ...head,
      'under-test': role,
      bindings: [binding],
      needs: retold.needs,
      server: serverOf(protocol, facts, timeScale, retold),
      steps: inTime(
        withSettings(
          ordered.map(({ step }) => step),
          protocol,
          facts,
          timeScale,
        ),
        timeScale,
        last,
        words.never,
      ),
    },
    notes: [...retold.unsaid, ...faults.unsaid, ...(isBrokered ? ['what became of connections to the broker is left out'] : [])],
  };
}

function upTo({ trace, until, timeScale }: Capture): Trace {
  if (until === undefined) return trace;
  const t = trace.at(until)?.t ?? 0;
  let end = until + 1;
  for (let next = trace.at(end); next !== undefined && next.t <= t + AFTERMATH_MS * timeScale; next = trace.at(end)) end += 1;
  return trace.slice(0, end);
}

/** What applications did with a client under test, where the trace says it; undefined for bare traffic. */
function applicationSteps(trace: Trace, retold: Retold): readonly Timed[] | undefined {
  const kinds = new Map<string, string>();
  for (const { step } of retold.deeds) {
    const { invoke } = step;
    if (isPlainObject(invoke) && typeof invoke['kind'] === 'string') kinds.set(String(invoke['procedure']), invoke['kind']);
  }
  const steps: Timed[] = [];
  for (const event of trace) {
    const step = event.type === 'application' ? stepOf(event, kinds) : undefined;
    if (step !== undefined) steps.push({ n: event.n, t: event.t, step, acts: true, by: 'application' });
  }
  return steps.length === 0 ? undefined : steps;
}

function stepOf({ role, instance, event }: ApplicationEvent, kinds: ReadonlyMap<string, string>): WrittenStep | undefined {
  switch (event.kind) {
    case 'invoke': {
      const { call: as, procedure, value, metadata, credit } = event;
      const kind = procedure === undefined ? undefined : kinds.get(procedure);
      const at = role === 'client' && instance === 'main' ? {} : { at: instance };
      return { invoke: { as, ...at, ...stated({ procedure, kind, value, metadata, credit }) } };
    }
    case 'send':
      return { send: { to: event.call, value: toTagged(event.value), ...stated({ metadata: event.metadata }) } };
    case 'credit':
      return { credit: { of: event.call, n: event.n } };
    case 'finish': {
      const more = stated({ metadata: event.metadata, error: event.error });
      return { finish: Object.keys(more).length === 0 ? event.call : { of: event.call, ...more } };
    }
    case 'cancel':
      return { cancel: event.call };
    case 'disconnect':
      return role === 'client' ? { disconnect: instance } : undefined;
    default:
      return undefined;
  }
}

/** Those members that there are, as a case writes them. */
function stated(members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(members).flatMap(([key, value]) => (value === undefined ? [] : [[key, toTagged(value)]])));
}

/** Cuts, refusals, and connections that the end under test has ended. */
function connectionSteps(trace: Trace, role: Role, cut: ReadonlySet<number>): readonly Timed[] {
  const steps: Timed[] = [];
  const spoken = new Set<number>();
  /** Connections that a fault has closed in order. */
  const ended = new Set<number>();
  let refusing = false;
  const add = ({ n, t }: TraceEvent, step: WrittenStep, acts = true): void => void steps.push({ n, t, step, acts });
  const passes = (from: number, connection: number): boolean => {
    for (let i = from; i < trace.length; i += 1) {
      const event = trace.at(i);
      if (event === undefined) break;
      if ((event.type === 'sent' || event.type === 'delivered') && event.connection === connection) return true;
      if (event.type === 'closed' && event.connection === connection) return false;
    }
    return true;
  };
  /** Whether connections that come after a cut are refused: the next one came to nothing. */
  const refusesAfter = (from: number): boolean => {
    for (let i = from; i < trace.length; i += 1) {
      const event = trace.at(i);
      if (event?.type === 'opened') return !passes(i + 1, event.connection);
    }
    return true;
  };
  for (const event of trace) {
    if (event.type === 'opened') {
      if (refusing && passes(event.n + 1, event.connection)) {
        steps.push({ n: event.n - BEFORE, t: event.t, step: { fault: 'restore' }, acts: true });
        refusing = false;
      } else if (!refusing && !passes(event.n + 1, event.connection)) {
        steps.push({ n: event.n - BEFORE, t: event.t, step: { fault: 'refuse' }, acts: true });
        refusing = true;
      }
    }
    if (event.type === 'sent') spoken.add(event.connection);
    if (event.type === 'delivered' && event.frame.class === 'closing' && event.of === undefined && !ended.has(event.connection)) {
      ended.add(event.connection);
      add(event, { fault: { close: { code: event.frame.code ?? 'none', ...onlyToward(trace, event) } } });
    }
    if (event.type !== 'closed') continue;
    if (event.by === role) add(event, { closed: { by: role } }, false);
    if (event.by !== 'proxy' || cut.has(event.connection) || !spoken.has(event.connection) || ended.has(event.connection)) continue;
    if (event.how === 'close') add(event, { fault: { close: { code: event.code ?? 'none' } } });
    else if (!refusing && refusesAfter(event.n + 1)) {
      add(event, { fault: 'cut' });
      refusing = true;
    } else add(event, { fault: { cut: event.how === 'fin' ? { how: 'fin' } : {} } });
  }
  return steps;
}

/** Toward whom alone a fault has closed a connection; nothing where both were told. */
function onlyToward(trace: Trace, { connection, to }: DeliveredEvent): { readonly toward?: Party } {
  for (const event of trace) {
    if (event.type !== 'delivered' || event.frame.class !== 'closing' || event.of !== undefined) continue;
    if (event.connection === connection && event.to !== to) return {};
  }
  return { toward: to };
}

/** Frames of the end under test that reached its peer, or the broker between them, each awaited. */
function awaited(protocol: Protocol, trace: Trace, role: Role, retold: Retold): readonly Timed[] {
  const steps: Timed[] = [];
  for (const event of trace) {
    if (event.type !== 'delivered' || senderOf(event) !== role || event.frame.class !== 'data' || event.of === undefined) continue;
    const kind = protocol.kindOf(event.frame, event.decoded);
    if (event.decoded?.ok !== true || protocol.idleKinds?.includes(kind) || retold.isWaitedFor?.(event) === false) continue;
    steps.push({ n: event.n, t: event.t, step: { await: { wire: retold.pattern(event) } }, acts: false });
  }
  return steps;
}

/** Steps with the time that passed between them, told where it is long. */
function inTime(steps: readonly Timed[], timeScale: number, last: number, never: unknown): WrittenStep[] {
  const written: WrittenStep[] = [];
  let now = 0;
  let before: Deed['by'] | undefined;
  for (const { t, step, acts, by } of steps) {
    const gap = Math.round((t - now) / timeScale);
    if (acts && gap >= SILENCE_MS) written.push({ quiet: { for: gap, no: never } });
    // What an application does after its peer said something may be because of that.
    else if (acts && by === 'application' && before === 'peer') written.push({ quiet: { for: BREATH_MS, no: never } });
    before = by;
    written.push(acts || gap < PATIENCE_MS / 2 ? step : patient(step, gap));
    now = Math.max(now, t);
  }
  const rest = Math.round((last - now) / timeScale);
  written.push({ quiet: { for: Math.max(rest, SILENCE_MS), no: never } });
  return written;
}

function patient(step: WrittenStep, gap: number): WrittenStep {
  const [[kind, value] = ['', undefined]] = Object.entries(step);
  return { [kind]: { ...(isPlainObject(value) ? value : {}), within: gap + PATIENCE_MS } };
}

/** Timers and options with which the run was made, where the trace knows them: those of clients go into their `connect`. */
function withSettings(steps: readonly Timed[], protocol: Protocol, facts: RunFacts, timeScale: number): Timed[] {
  const own = Object.values(facts.clientTimers ?? {})[0];
  const timers = own === undefined ? {} : overrides(protocol, own, timeScale);
  const options = facts.options ?? {};
  if (Object.keys(timers).length === 0 && Object.keys(options).length === 0) return [...steps];
  const settings = { ...(Object.keys(timers).length > 0 ? { timers } : {}), ...(Object.keys(options).length > 0 ? { options } : {}) };
  const connects = steps.some(({ step }) => 'connect' in step);
  const all = connects ? steps : [{ n: -1, t: 0, step: { connect: { as: 'main', eager: false } }, acts: true }, ...steps];
  return all.map((each) => {
    const { connect } = each.step;
    if (!isPlainObject(connect)) return each;
    const own = isPlainObject(connect['options']) ? connect['options'] : {};
    const whole = Object.keys(options).length > 0 ? { ...settings, options: { ...own, ...options } } : settings;
    return { ...each, step: { connect: { ...connect, ...whole } } };
  });
}

function serverOf(protocol: Protocol, { timers, options }: RunFacts, timeScale: number, retold: Retold): Readonly<Record<string, unknown>> {
  const own = overrides(protocol, timers, timeScale);
  return {
    ...retold.server,
    ...(Object.keys(own).length > 0 ? { timers: own } : {}),
    ...(options !== undefined && Object.keys(options).length > 0 ? { options } : {}),
  };
}

/** Timers that are not the protocol's own, nominal. */
function overrides(protocol: Protocol, timers: Readonly<Record<string, number>>, timeScale: number): Record<string, number> {
  return Object.fromEntries(
    Object.entries(timers).flatMap(([name, value]) => {
      const nominal = protocol.counts.includes(name) ? value : Math.round(value / timeScale);
      return Object.hasOwn(protocol.timers, name) && protocol.timers[name] !== nominal ? [[name, nominal]] : [];
    }),
  );
}
