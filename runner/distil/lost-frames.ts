import type { Party } from '../../protocols/common/frame.ts';
import type { DeliveredEvent, SentEvent, Trace } from '../../protocols/common/trace.ts';
import { isPlainObject, toTagged } from '../../protocols/common/value.ts';
import type { WrittenStep } from '../cases/write.ts';

/** A fault that a trace shows by what it did to a frame, tied to the frame. */
export interface Struck {
  /** The event behind which it has to be armed: the last before it that fits the same pattern, or -1. */
  readonly n: number;
  readonly step: WrittenStep;
}

/** What a trace shows of faults on frames. */
export interface FrameFaults {
  readonly struck: readonly Struck[];
  /** Connections that a fault on a frame has cut, so that their end needs no step. */
  readonly cut: ReadonlySet<number>;
  readonly unsaid: readonly string[];
}

/** The fate of one frame. */
interface Fate {
  readonly sent: SentEvent;
  readonly delivered: DeliveredEvent[];
}

/** How soon a frame is passed on where nothing holds it back, nominal ms. */
const PROMPT_MS = 100;

/** How soon after a frame that did not pass the connection is cut, where it was cut at that frame, nominal ms. */
const AT_ONCE_MS = 5;

/**
 * Reads off a trace what came between the ends: frames that were sent and not delivered, delivered twice, late, changed, or never
 * sent. `pattern` gives the wire pattern of a frame.
 */
export function frameFaults(trace: Trace, pattern: (event: SentEvent | DeliveredEvent) => unknown, timeScale: number): FrameFaults {
  const fates = new Map<number, Fate>();
  const directions = new Map<string, Fate[]>();
  const ends = new Map<number, { readonly t: number; readonly by: Party | 'proxy'; readonly how: string }>();
  const struck: Struck[] = [];
  const unsaid = new Set<string>();
  let over = 0;
  for (const event of trace) {
    over = event.t;
    if (event.type === 'sent' && event.frame.class === 'data') {
      const fate = { sent: event, delivered: [] };
      fates.set(event.n, fate);
      const key = `${event.connection} ${event.from}`;
      directions.set(key, [...(directions.get(key) ?? []), fate]);
    } else if (event.type === 'delivered' && event.frame.class === 'data') {
      if (event.of === undefined) struck.push({ n: event.n, step: { fault: { inject: injected(event) } } });
      else fates.get(event.of)?.delivered.push(event);
    } else if (event.type === 'closed' && !ends.has(event.connection)) {
      ends.set(event.connection, { t: event.t, by: event.by, how: event.how });
    }
  }
  const cut = new Set<number>();
  const armed = new Map<string, number>();
  const tie = (fate: Fate, word: string, more: Readonly<Record<string, unknown>> = {}): void => {
    const frame = pattern(fate.sent);
    struck.push({ n: armed.get(JSON.stringify(frame)) ?? -1, step: { fault: { [word]: { frame, ...more } } } });
  };
  for (const fate of fates.values()) {
    const { sent, delivered } = fate;
    const end = ends.get(sent.connection);
    const direction = directions.get(`${sent.connection} ${sent.from}`) ?? [];
    const [first, second] = delivered;
    if (first === undefined) {
      const behind = direction.slice(direction.indexOf(fate));
      const isLast = behind.every((each) => each.delivered.length === 0);
      const isFirst = behind[0] === fate && direction[direction.indexOf(fate) - 1]?.delivered.length !== 0;
      if (!isLast) tie(fate, 'drop');
      else if (isFirst && !cut.has(sent.connection)) {
        const after = (end?.t ?? over) - sent.t;
        if (end?.by === 'proxy' && after <= AT_ONCE_MS * timeScale) {
          cut.add(sent.connection);
          tie(fate, 'cut', { at: 'before', ...(end.how === 'fin' ? { how: 'fin' } : {}) });
        } else if (after > PROMPT_MS * timeScale) tie(fate, 'stall');
      }
    } else {
      if (first.t - sent.t > PROMPT_MS * timeScale && isFirstDelayed(direction, fate, timeScale))
        tie(fate, 'delay', { for: Math.round((first.t - sent.t) / timeScale) });
      if (second !== undefined) tie(fate, 'duplicate');
      if (first.altered) {
        const change = changeOf(fate);
        if (change === undefined) unsaid.add('a frame that a fault changed on its way passes as it is');
        else tie(fate, change.word, change.more);
      }
    }
    armed.set(JSON.stringify(pattern(sent)), sent.n);
  }
  return { struck, cut, unsaid: [...unsaid] };
}

function injected({ to, frame }: DeliveredEvent): Readonly<Record<string, unknown>> {
  if (frame.class !== 'data') return { toward: to };
  const bytes = Buffer.from(frame.data);
  return { toward: to, ...(frame.text ? { text: bytes.toString('utf8') } : { hex: bytes.toString('hex') }) };
}

/** Frames behind one that is held back wait too, and need no fault of their own. */
function isFirstDelayed(direction: readonly Fate[], fate: Fate, timeScale: number): boolean {
  const before = direction[direction.indexOf(fate) - 1]?.delivered[0];
  return before === undefined || before.t <= fate.sent.t + PROMPT_MS * timeScale;
}

/** The fault that makes of a frame what was delivered. */
function changeOf({ sent, delivered }: Fate): { readonly word: string; readonly more: Readonly<Record<string, unknown>> } | undefined {
  const [first] = delivered;
  if (first?.frame.class !== 'data' || sent.frame.class !== 'data') return undefined;
  const before = sent.frame.data;
  const after = first.frame.data;
  if (after.length < before.length && after.every((byte, i) => byte === before[i])) return { word: 'truncate', more: { to: after.length } };
  const changed = after.length === before.length ? [...after.keys()].filter((i) => after[i] !== before[i]) : [];
  const [at] = changed;
  if (changed.length === 1 && at !== undefined && after[at] === ((before[at] ?? 0) ^ 0xff)) return { word: 'corrupt', more: { byte: at } };
  const was = sent.decoded?.ok ? sent.decoded.message : undefined;
  const is = first.decoded?.ok ? first.decoded.message : undefined;
  if (!isPlainObject(was) || !isPlainObject(is)) return undefined;
  const set: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(was), ...Object.keys(is)])) {
    const now = toTagged(is[key]);
    if (JSON.stringify(toTagged(was[key])) !== JSON.stringify(now)) set[key] = now;
  }
  return { word: 'replace', more: { set } };
}
