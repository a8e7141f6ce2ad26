import type { Role } from '../../protocols/common/frame.ts';
import type { AppResult, Trace } from '../../protocols/common/trace.ts';
import { isPlainObject, toTagged } from '../../protocols/common/value.ts';
import type { WrittenStep } from '../cases/write.ts';
import { entryOf } from './draft.ts';

/** Something that an application was told, as a step that asks for it, and behind which step of the case. */
interface Told {
  readonly behind: number;
  readonly step: WrittenStep;
}

/**
 * The steps with what their applications must be told in between, read off a trace in which all behave: each value of a call, each
 * error's code, each end; which connections a client opens and the end under test closes; and of a server under test what its handlers see. `steps` are those that the trace was made with, one for each index.
 */
export function withReads(steps: readonly WrittenStep[], trace: Trace, underTest: Role): WrittenStep[] {
  const told = readsIn(trace, steps.length, underTest);
  const read = [-1, ...steps.keys()].flatMap((i) => [
    // How connections end is asked for as the trace has it.
    ...(steps[i] === undefined || 'closed' in steps[i] ? [] : [steps[i]]),
    ...told.filter(({ behind }) => behind === i).map(({ step }) => step),
  ]);
  const open = openCalls(trace);
  const [kind, value] = entryOf(read.at(-1) ?? {});
  if (open.length === 0) return read;
  const quiet = isPlainObject(value) && kind === 'quiet' ? value : { for: STAYS_MS };
  return [...(kind === 'quiet' ? read.slice(0, -1) : read), { quiet: { ...quiet, calls: open } }];
}

/** How long what has not ended must stay as it is, nominal ms. */
const STAYS_MS = 500;

/** Calls that have not ended when a trace does. */
function openCalls(trace: Trace): string[] {
  const open = new Set<string>();
  for (const event of trace) {
    if (event.type !== 'application' || event.role !== 'client') continue;
    if (event.event.kind === 'invoke') open.add(event.event.call);
    if (event.event.kind === 'end') open.delete(event.event.call);
  }
  return [...open];
}

function readsIn(trace: Trace, count: number, underTest: Role): readonly Told[] {
  const told: Told[] = [];
  const lastErrors = new Map<string, number>();
  let behind = -1;
  for (const event of trace) {
    if (event.type === 'step' && event.step < count) behind = event.step;
    if (event.type === 'opened' && underTest === 'client') told.push({ behind, step: { opened: {} } });
    if (event.type === 'closed' && event.by === underTest)
      told.push({ behind, step: { closed: { by: underTest, connection: event.connection } } });
    if (event.type !== 'application') continue;
    const { event: happening } = event;
    if (happening.kind === 'handler' && underTest === 'server') {
      const { procedure, event: what, value } = happening;
      // What an exception says to a handler is its own business.
      const seen = what === 'request' || what === 'started' ? { value: toTagged(value) } : {};
      told.push({ behind, step: { handler: { ...(procedure === undefined ? {} : { procedure }), event: what, ...seen } } });
    }
    if (event.role !== 'client') continue;
    if (happening.kind === 'message') {
      const { call, result } = happening;
      if (!result.ok) lastErrors.set(call, told.length);
      told.push({ behind, step: { receive: { from: call, ...wantedOf(result) } } });
    } else if (happening.kind === 'end') {
      const { call } = happening;
      const error = lastErrors.get(call);
      const isLast = error !== undefined && told.slice(error + 1).every(({ step }) => !isAbout(step, call));
      const code = isLast ? codeOf(told[error]?.step) : undefined;
      // An error that ends its call is told with its end.
      if (isLast && code !== undefined) told[error] = { behind, step: { end: { of: call, error: { code } } } };
      else told.push({ behind, step: { end: call } });
    }
  }
  return told.toSorted((a, b) => a.behind - b.behind);
}

function wantedOf(result: AppResult): Readonly<Record<string, unknown>> {
  return result.ok ? { ok: toTagged(result.value) } : { error: { code: result.error.code } };
}

function isAbout({ receive }: WrittenStep, call: string): boolean {
  return typeof receive === 'object' && receive !== null && 'from' in receive && receive.from === call;
}

function codeOf(step: WrittenStep | undefined): string | undefined {
  const receive = step?.['receive'];
  if (typeof receive !== 'object' || receive === null || !('error' in receive)) return undefined;
  const { error } = receive;
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
