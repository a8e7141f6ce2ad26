import type { Instance } from '../../protocols/common/instance.ts';
import { mismatch } from '../../protocols/common/pattern.ts';
import { show } from '../../protocols/common/show.ts';
import type { AppResult } from '../../protocols/common/trace.ts';
import { DEFAULT_WITHIN_MS } from '../cases/grammar-words.ts';
import type { Action, ErrorPattern } from '../cases/step.ts';
import type { CallRecord } from './board.ts';
import { callOf, instanceOf } from './calls.ts';
import { boundOf, broken, type Damage, HELD, nominal, observe, type Playing, type StepOutcome } from './playing.ts';
import { waitFor } from './wait.ts';

/** The answer of a call began, before its first value. */
export async function start(playing: Playing, action: Extract<Action, { kind: 'start' }>): Promise<StepOutcome> {
  const call = callOf(playing, action.call);
  const waited = await waitFor(playing.stage, boundOf(playing, action.within), () => call.began ?? (call.ended ? {} : undefined));
  observeAll(playing);
  if (!waited.ok) return broken('timeout', `the answer of ${action.call} did not begin within ${nominal(action.within)}`);
  if (call.began === undefined) return broken('ended', `${action.call} ended without its answer having begun`);
  return besideAsWanted(`the answer of ${action.call} began`, action.metadata, call.began.metadata);
}

/** The next thing an application reads from a call. */
export async function receive(playing: Playing, action: Extract<Action, { kind: 'receive' }>): Promise<StepOutcome> {
  const call = callOf(playing, action.call);
  const waited = await waitFor(playing.stage, boundOf(playing, action.within), () => {
    const item = call.items[call.received];
    if (item !== undefined) return { item };
    return call.ended ? { item: undefined } : undefined;
  });
  observeAll(playing);
  const wanted = describeWanted(action.ok, action.error);
  if (!waited.ok) {
    return broken('timeout', `${action.call} read nothing within ${nominal(action.within)}; expected ${wanted}`, [], missing(action));
  }
  const { item } = waited.value;
  if (item === undefined) return broken('ended', `${action.call} ended; expected ${wanted} first`, [], missing(action));
  call.received += 1;
  const reason = resultMismatch(item, action.ok, action.error);
  if (reason !== undefined) {
    return broken(
      reason.field,
      `${action.call} read ${showResult(item)}; ${reason.message}`,
      readAt(playing, call),
      damageOf(item, action),
    );
  }
  if (!item.ok || action.metadata === undefined) return HELD;
  const beside = besideAsWanted(`${action.call} read ${showResult(item)}`, action.metadata, item.metadata);
  return beside.ok ? HELD : { ...beside, events: readAt(playing, call) };
}

/** The end of a call, nothing unread before it but the error the step names. */
export async function end(playing: Playing, action: Extract<Action, { kind: 'end' }>): Promise<StepOutcome> {
  const call = callOf(playing, action.call);
  const waited = await waitFor(playing.stage, boundOf(playing, action.within), () => (call.ended ? true : undefined));
  observeAll(playing);
  if (!waited.ok) {
    const unread = call.items.slice(call.received);
    const also = unread.length === 0 ? '' : `; it read ${unread.map(showResult).join(', ')}`;
    return broken('timeout', `${action.call} did not end within ${nominal(action.within)}${also}`, [], missing(action));
  }
  const unread = call.items.slice(call.received);
  call.received = call.items.length;
  if (action.whatever) return HELD;
  if (action.error !== undefined) {
    const last = unread.pop();
    if (last === undefined)
      return broken('no-error', `${action.call} ended without an error; expected ${describeWanted(undefined, action.error)}`);
    const reason = resultMismatch(last, undefined, action.error);
    if (reason !== undefined) return broken(reason.field, `${action.call} ended after ${showResult(last)}; ${reason.message}`);
  }
  if (unread.length > 0) {
    const surplus = `${action.call} read ${unread.map(showResult).join(', ')} more than expected before its end`;
    return broken('surplus', surplus, [], unread.some((item) => item.ok) ? 'changed' : undefined);
  }
  return besideAsWanted(`${action.call} ended`, action.metadata, call.ending);
}

/** Whether what came beside a value, a start or an end is as a step wants it. */
function besideAsWanted(what: string, wanted: unknown, seen: unknown): StepOutcome {
  const reason = wanted === undefined ? undefined : mismatch(wanted, seen, 'metadata');
  return reason === undefined ? HELD : broken(pathOf(reason), `${what} with other metadata; ${reason}`);
}

/** A status that an implementation's API shows. */
export async function status(playing: Playing, action: Extract<Action, { kind: 'status' }>): Promise<StepOutcome> {
  const fits = (entry: Playing['board']['statuses'][number]): boolean =>
    !entry.claimed &&
    entry.value.status === action.is &&
    (action.instance === undefined || isSame(playing, entry.value, action.instance)) &&
    (action.detail === undefined || mismatch(action.detail, entry.value.detail) === undefined);
  const waited = await waitFor(playing.stage, boundOf(playing, action.within), () => playing.board.statuses.find(fits));
  observeAll(playing);
  if (!waited.ok) {
    const seen = playing.board.statuses.map((entry) => entry.value.status).join(', ') || 'none';
    return broken('timeout', `no status ${action.is} within ${nominal(action.within)}; statuses so far: ${seen}`);
  }
  waited.value.claimed = true;
  return HELD;
}

/** Whether something is of the instance that a case calls so. */
function isSame(playing: Playing, one: Instance, name: string): boolean {
  const { role, instance } = instanceOf(playing, name);
  return one.role === role && one.instance === instance;
}

/** Something that a handler saw. */
export async function handler(playing: Playing, action: Extract<Action, { kind: 'handler' }>): Promise<StepOutcome> {
  const fits = (entry: Playing['board']['handlers'][number]): boolean =>
    !entry.claimed &&
    (action.at === undefined || isSame(playing, entry.value, action.at)) &&
    (action.procedure === undefined || entry.value.procedure === action.procedure) &&
    entry.value.event === action.event &&
    (action.value === undefined || mismatch(action.value, entry.value.value) === undefined) &&
    (action.metadata === undefined || mismatch(action.metadata, entry.value.metadata) === undefined);
  const waited = await waitFor(playing.stage, boundOf(playing, action.within), () => playing.board.handlers.find(fits));
  observeAll(playing);
  if (!waited.ok) {
    const ofIt = ({ value }: Playing['board']['handlers'][number]): boolean =>
      action.procedure === undefined || value.procedure === action.procedure;
    const seen = playing.board.handlers.filter(ofIt).map((entry) => entry.value.event);
    const whose = action.procedure === undefined ? 'no handler saw' : `the handler of ${action.procedure} did not see`;
    return broken(
      'timeout',
      `${whose} ${action.event} within ${nominal(action.within)}; it saw: ${seen.join(', ') || 'nothing'}`,
      [],
      action.event === 'request' ? missing(action) : undefined,
    );
  }
  waited.value.claimed = true;
  return HELD;
}

/** `n` of the event in which the application read what a step took last. */
function readAt({ stage }: Playing, { call, received }: CallRecord): number[] {
  let left = received;
  for (const { n, ...event } of stage.recorder.trace) {
    if (event.type !== 'application' || event.event.kind !== 'message' || event.event.call !== call) continue;
    left -= 1;
    if (left === 0) return [n];
  }
  return [];
}

/** A value came, but another one; or none came where one had to. */
function damageOf(item: AppResult, { ok, error }: Extract<Action, { kind: 'receive' }>): Damage | undefined {
  if (ok === undefined || error !== undefined) return undefined;
  return item.ok ? 'changed' : 'missing';
}

/** Only what never comes is missing: a step that states a bound asks how soon. */
function missing({ within }: { readonly within: number }): Damage | undefined {
  return within >= DEFAULT_WITHIN_MS ? 'missing' : undefined;
}

function observeAll(playing: Playing): void {
  observe(playing, playing.stage.recorder.trace.length - 1);
}

function resultMismatch(item: AppResult, ok: unknown, error: ErrorPattern | undefined): { field: string; message: string } | undefined {
  if (error !== undefined && !(item.ok && ok !== undefined)) {
    if (item.ok) return { field: 'ok', message: `expected ${describeWanted(ok, error)}` };
    const reason = mismatch(withoutUndefined(error), item.error);
    return reason === undefined ? undefined : { field: pathOf(reason), message: reason };
  }
  if (!item.ok) return { field: 'error', message: `expected ${describeWanted(ok, error)}` };
  const reason = ok === undefined ? undefined : mismatch(ok, item.value);
  return reason === undefined ? undefined : { field: pathOf(reason), message: reason };
}

function withoutUndefined(pattern: ErrorPattern): Record<string, unknown> {
  return Object.fromEntries(Object.entries(pattern).filter(([, value]) => value !== undefined));
}

function pathOf(reason: string): string {
  return reason.slice(0, Math.max(0, reason.indexOf(':'))) || 'value';
}

function describeWanted(ok: unknown, error: ErrorPattern | undefined): string {
  const value = ok === undefined ? 'a value' : `the value ${show(ok)}`;
  if (error === undefined) return value;
  const failure = `an error ${show(withoutUndefined(error))}`;
  return ok === undefined ? failure : `${value} or ${failure}`;
}

function showResult(item: AppResult): string {
  return item.ok ? `the value ${show(item.value)}` : `the error ${item.error.code} (${item.error.message})`;
}
