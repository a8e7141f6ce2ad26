import type { Role } from '../../protocols/common/frame.ts';
import type { AppError, Trace } from '../../protocols/common/trace.ts';
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
    if (event.type !== 'application') continue;
    if (event.event.kind === 'invoke') open.add(event.event.call);
    if (event.event.kind === 'end') open.delete(event.event.call);
  }
  return [...open];
}

function readsIn(trace: Trace, count: number, underTest: Role): readonly Told[] {
  const told: Told[] = [];
  const said = saidIn(trace, underTest);
  /** Connections to a broker, which ends open and close as they like. */
  const toBroker = new Set<number>();
  const lastErrors = new Map<string, number>();
  let behind = -1;
  for (const event of trace) {
    if (event.type === 'step' && event.step < count) behind = event.step;
    if (event.type === 'opened' && event.dialler === undefined && underTest === 'client') told.push({ behind, step: { opened: {} } });
    if (event.type === 'opened' && event.dialler !== undefined) toBroker.add(event.connection);
    if (event.type === 'closed' && event.by === underTest && !toBroker.has(event.connection))
      told.push({ behind, step: { closed: { by: underTest, connection: event.connection } } });
    if (event.type !== 'application') continue;
    const { event: happening } = event;
    if (happening.kind === 'handler' && underTest === 'server') {
      const { procedure, event: what, value } = happening;
      // What an exception says to a handler is its own business.
      const seen = what === 'request' || what === 'started' ? { value: toTagged(value), ...beside(happening.metadata) } : {};
      told.push({ behind, step: { handler: { ...(procedure === undefined ? {} : { procedure }), event: what, ...seen } } });
    }
    const isTested = event.role === underTest;
    // What the end under test puts beside its values may be more than that.
    const read = (metadata: unknown): Readonly<Record<string, unknown>> => (isTested ? beside(metadata) : {});
    if (happening.kind === 'start' && 'metadata' in read(happening.metadata)) {
      told.push({ behind, step: { start: { of: happening.call, ...read(happening.metadata) } } });
    } else if (happening.kind === 'message') {
      const { call, result } = happening;
      if (!result.ok) lastErrors.set(call, told.length);
      const wanted = result.ok
        ? { ok: toTagged(result.value), ...read(result.metadata) }
        : { error: errorWanted(result.error, isTested && said(result.error.message)) };
      told.push({ behind, step: { receive: { from: call, ...wanted } } });
    } else if (happening.kind === 'end') {
      const { call } = happening;
      const error = lastErrors.get(call);
      const isLast = error !== undefined && told.slice(error + 1).every(({ step }) => !isAbout(step, call));
      const wanted = isLast ? errorIn(told[error]?.step) : undefined;
      const metadata = read(happening.metadata);
      // An error that ends its call is told with its end.
      if (isLast && wanted !== undefined) told[error] = { behind, step: { end: { of: call, error: wanted, ...metadata } } };
      else told.push({ behind, step: { end: 'metadata' in metadata ? { of: call, ...metadata } : call } });
    }
  }
  return told.toSorted((a, b) => a.behind - b.behind);
}

/** Metadata as a pattern, where there is some. */
function beside(metadata: unknown): Readonly<Record<string, unknown>> {
  const isEmpty = metadata === undefined || (isPlainObject(metadata) && Object.keys(metadata).length === 0);
  return isEmpty ? {} : { metadata: toTagged(metadata) };
}

/** Texts and details of errors are an implementation's own, but for those that its peer has said. */
function errorWanted({ code, message, extras, metadata }: AppError, said: boolean): Readonly<Record<string, unknown>> {
  if (!said) return { code };
  return { code, message, ...(extras === undefined ? {} : { extras: toTagged(extras) }), ...beside(metadata) };
}

/** Tells whether a text stands in a message that went to that end. */
function saidIn(trace: Trace, to: Role): (text: string) => boolean {
  let all: readonly string[] | undefined;
  return (text) => {
    if (text === '') return false;
    all ??= [...trace].flatMap((event) =>
      event.type === 'delivered' && event.to === to && event.decoded?.ok ? textsIn(event.decoded.message, LONGEST_NESTING) : [],
    );
    return all.includes(text);
  };
}

/** How deep texts are looked for in a message. */
const LONGEST_NESTING = 8;

function textsIn(value: unknown, deeper: number): string[] {
  if (typeof value === 'string') return [value];
  if (value instanceof Uint8Array) return value.length > 0 && value.length <= MOST_TEXT ? [Buffer.from(value).toString('utf8')] : [];
  if (typeof value !== 'object' || value === null || deeper === 0) return [];
  return Object.values(value).flatMap((each) => textsIn(each, deeper - 1));
}

/** Bytes beyond which nothing is taken for the text of an error. */
const MOST_TEXT = 64 * 1024;

function isAbout({ receive }: WrittenStep, call: string): boolean {
  return typeof receive === 'object' && receive !== null && 'from' in receive && receive.from === call;
}

function errorIn(step: WrittenStep | undefined): unknown {
  const receive = step?.['receive'];
  return typeof receive === 'object' && receive !== null && 'error' in receive ? receive.error : undefined;
}
