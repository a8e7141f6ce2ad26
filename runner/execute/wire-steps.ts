import { mismatch } from '../../protocols/common/pattern.ts';
import { where } from '../../protocols/common/sequence.ts';
import { show } from '../../protocols/common/show.ts';
import { type ClosedEvent, isSent, type OpenedEvent, type SentEvent, type TraceEvent } from '../../protocols/common/trace.ts';
import { isPlainObject } from '../../protocols/common/value.ts';
import type { Action } from '../cases/step.ts';
import { boundOf, broken, HELD, nominal, observe, type Playing, type StepOutcome } from './playing.ts';
import { elapse, waitFor } from './wait.ts';

/** Waits for frames that match, each used once per direction. */
export async function awaitFrame(playing: Playing, action: Extract<Action, { kind: 'await' }>): Promise<StepOutcome> {
  const { stage } = playing;
  const begun = stage.environment.now();
  const bound = boundOf(playing, action.within);
  const scan = scanner(playing, action.wire);
  for (let seen = 0; seen < action.times; seen += 1) {
    const left = Math.max(0, begun + bound.ms - stage.environment.now());
    const waited = await waitFor(stage, { ...bound, ms: left }, scan);
    if (!waited.ok) {
      const count = action.times === 1 ? '' : ` (${seen} of ${action.times} seen)`;
      return broken(
        'timeout',
        `no frame matching ${show(action.wire)} was sent within ${nominal(action.within)}${count}`,
        lastFrames(playing, action.wire),
      );
    }
    const event = waited.value;
    playing.cursors.frames[event.from] = event.n;
    observe(playing, event.n);
    const early = begun + action.after * playing.timeScale - event.t;
    if (action.after > 0 && early > 0) {
      return broken(
        'too-early',
        `the frame came ${nominal(Math.round(early / playing.timeScale))} too early; expected at ${nominal(action.after)} at the soonest`,
        [event.n],
      );
    }
  }
  return HELD;
}

/** A condition that reads each event of the trace at most once, from the cursors of the pattern's direction on; found frames move those. */
function scanner(playing: Playing, pattern: unknown): () => SentEvent | undefined {
  const read = reader(playing);
  const unmatched = new Set<SentEvent>();
  return () => {
    // Where a call is may be told only by a later event, so earlier candidates are asked again while any is unresolved.
    for (let event = read(); event !== undefined; event = read()) {
      if (event.type === 'sent' && event.n > playing.cursors.frames[event.from]) unmatched.add(event);
    }
    for (const event of unmatched) {
      // What stands before a frame that was found is used up with it.
      if (event.n <= playing.cursors.frames[event.from]) {
        unmatched.delete(event);
        continue;
      }
      if (playing.protocol.mismatch(pattern, event, playing.match) === undefined) return event;
      if (!namesUnseenCall(playing, pattern)) unmatched.delete(event);
    }
    return undefined;
  };
}

/** A condition that is the first event of the trace that is so; it reads each at most once. */
function first<E extends TraceEvent>(playing: Playing, isSo: (event: TraceEvent) => event is E): () => E | undefined {
  const read = reader(playing);
  let found: E | undefined;
  return () => {
    for (let event = read(); found === undefined && event !== undefined; event = read()) if (isSo(event)) found = event;
    return found;
  };
}

/** Gives the events of the trace one after the other, from the first on; undefined where there is no further one yet. */
function reader({ stage }: Playing): () => TraceEvent | undefined {
  const { trace } = stage.recorder;
  let next = 0;
  return () => {
    const event = trace.at(next);
    if (event !== undefined) next += 1;
    return event;
  };
}

function namesUnseenCall({ protocol, match }: Playing, pattern: unknown): boolean {
  return protocol.callKeys.wire.some((key) => {
    const name = isPlainObject(pattern) ? pattern[key] : undefined;
    return typeof name === 'string' && match.streamOf(name) === undefined;
  });
}

function lastFrames(playing: Playing, pattern: unknown): number[] {
  const from = isPlainObject(pattern) ? pattern['from'] : undefined;
  let last: number | undefined;
  for (const event of where(playing.stage.recorder.trace, isSent)) if (from === undefined || event.from === from) last = event.n;
  return last === undefined ? [] : [last];
}

/** Waits for the next connection. */
export async function opened(playing: Playing, action: Extract<Action, { kind: 'opened' }>): Promise<StepOutcome> {
  const begun = playing.stage.environment.now();
  const isNext = (event: TraceEvent): event is OpenedEvent => event.type === 'opened' && event.n > playing.cursors.opened;
  const waited = await waitFor(playing.stage, boundOf(playing, action.within), first(playing, isNext));
  if (!waited.ok) return broken('timeout', `no further connection was opened within ${nominal(action.within)}`);
  playing.cursors.opened = waited.value.n;
  observe(playing, waited.value.n);
  const distance = action.apart === undefined ? HELD : isApart(playing, action.apart, waited.value);
  return distance.ok ? notBefore(playing, begun, action.after, waited.value, 'the connection was opened') : distance;
}

/** Whether a connection was opened as long after the one before it as it should be. The first has no distance that could be wrong. */
function isApart(playing: Playing, { min, max }: { readonly min: number; readonly max: number }, event: OpenedEvent): StepOutcome {
  let before: OpenedEvent | undefined;
  for (const each of playing.stage.recorder.trace) if (each.type === 'opened' && each.n < event.n) before = each;
  if (before === undefined) return HELD;
  const apart = Math.round((event.t - before.t) / playing.timeScale);
  if (apart >= min && apart <= max) return HELD;
  const wanted = max === Number.POSITIVE_INFINITY ? `${min} at least` : `${min} to ${max}`;
  const what = `connection ${event.connection} was opened ${nominal(apart)} after the one before it; expected ${nominal(wanted)}`;
  return broken(apart < min ? 'too-early' : 'too-late', what, [event.n, before.n]);
}

/** Waits for the end of a connection. */
export async function closed(playing: Playing, action: Extract<Action, { kind: 'closed' }>): Promise<StepOutcome> {
  const begun = playing.stage.environment.now();
  const fits = (event: TraceEvent): event is ClosedEvent =>
    event.type === 'closed' &&
    !playing.cursors.closed.has(event.n) &&
    (action.connection === undefined || event.connection === action.connection);
  if (action.ifOpened && !isOpened(playing, action.connection)) return HELD;
  const waited = await waitFor(playing.stage, boundOf(playing, action.within), first(playing, fits));
  const whom = action.by === undefined ? '' : ` by the ${action.by}`;
  if (!waited.ok) return broken('timeout', `no connection was ended${whom} within ${nominal(action.within)}`);
  const event = waited.value;
  playing.cursors.closed.add(event.n);
  observe(playing, event.n);
  if (action.by !== undefined && event.by !== action.by) {
    return broken('by', `connection ${event.connection} was ended by the ${event.by}; expected the ${action.by} to do it`, [event.n]);
  }
  const reason = action.code === undefined ? undefined : mismatch(action.code, event.code, 'code');
  if (reason !== undefined) return broken('code', `connection ${event.connection} was ended with another code; ${reason}`, [event.n]);
  return notBefore(playing, begun, action.after, event, `connection ${event.connection} was ended`);
}

/** Whether that connection, or any, has been opened so far. */
function isOpened({ stage }: Playing, connection: number | undefined): boolean {
  for (const event of stage.recorder.trace)
    if (event.type === 'opened' && (connection === undefined || event.connection === connection)) return true;
  return false;
}

function notBefore(playing: Playing, begun: number, after: number, event: TraceEvent, what: string): StepOutcome {
  const early = begun + after * playing.timeScale - event.t;
  if (after <= 0 || early <= 0) return HELD;
  const ms = nominal(Math.round(early / playing.timeScale));
  return broken('too-early', `${what} ${ms} too early; expected at ${nominal(after)} at the soonest`, [event.n]);
}

/** Lets a stated time pass in which something must not happen. */
export async function quiet(playing: Playing, action: Extract<Action, { kind: 'quiet' }>): Promise<StepOutcome> {
  const { stage, board } = playing;
  const { trace } = stage.recorder;
  const from = trace.length;
  const { observed } = playing.cursors;
  await elapse(stage, action.for * playing.timeScale);
  for (const event of trace) {
    if (event.type === 'sent' && event.n > observed) {
      const pattern = action.no.find((each) => playing.protocol.mismatch(each, event, playing.match) === undefined);
      if (pattern !== undefined)
        return broken('frame', `a frame matching ${show(pattern)} was sent in a time that must be quiet of it`, [event.n]);
    }
    if (event.n < from) continue;
    if (action.noConnection && event.type === 'opened')
      return broken('connection', 'a connection was opened in a time that must be quiet', [event.n]);
    if (action.noClose && event.type === 'closed') {
      return broken('close', `connection ${event.connection} was ended by the ${event.by} in a time that must be quiet`, [event.n]);
    }
    if (
      action.noHandler !== undefined &&
      event.type === 'application' &&
      event.event.kind === 'handler' &&
      event.event.procedure === action.noHandler
    ) {
      return broken('handler', `the handler of ${action.noHandler} saw ${event.event.event} in a time that must be quiet`, [event.n]);
    }
  }
  for (const name of action.calls) {
    const call = board.calls.get(name);
    if (call === undefined) continue;
    if (call.items.length > call.received)
      return broken('message', `${name} read ${show(call.items[call.received])} in a time that must be quiet`);
    if (call.ended) return broken('ended', `${name} ended in a time that must be quiet`);
  }
  observe(playing, trace.length - 1);
  return HELD;
}
