import type { Protocol } from '../../protocols/common/protocol.ts';
import type { Trace, TraceEvent } from '../../protocols/common/trace.ts';
import { toTagged } from '../../protocols/common/value.ts';
import type { TraceHead } from '../bundles/format.ts';
import type { Masker } from '../masking/masker.ts';
import { type Recording, type TraceRecord, traceRecord } from '../results/trace-record.ts';
import { RecordedDelivered, RecordedSent } from '../worlds/recorded-frame.ts';
import type { Tap } from './tap.ts';

/** Name that stands for the case-run in the trace of a tap. */
export const TAP_RUN = 'tap';

/** The lines of a trace file of what a tap still holds, made as they are asked for. Secrets are masked. */
export function* tapLines(tap: Pick<Tap, 'recorder' | 'facts'>, protocol: Protocol, version: string, masker: Masker): Generator<object> {
  const { trace, first } = tap.recorder;
  const facts = tap.facts();
  const head: TraceHead = {
    'weir-trace': 1,
    weir: version,
    protocol: protocol.name,
    run: TAP_RUN,
    binding: facts.binding,
    timeScale: 1,
    ...(first === 0 ? {} : { first }),
    // Of the form that the grammar describes, for that form was taken from it.
    facts: toTagged(Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined))) as TraceHead['facts'],
    calls: [],
    closing: trace.length,
  };
  yield head;
  const recording = { protocol, binding: facts.binding, masker, whereabouts: tap.recorder.whereaboutsOf };
  for (const event of first === 0 ? trace : fromHere(trace)) yield tapRecord(event, recording);
}

/** The events that are left of a trace as one that begins with them: without deliveries of what is gone, and numbered anew. */
function* fromHere(trace: Trace): Generator<TraceEvent> {
  const numbers = new Map<number, number>();
  let n = 0;
  for (const event of trace) {
    const of = event.type === 'delivered' && event.of !== undefined ? numbers.get(event.of) : undefined;
    if (event.type === 'delivered' && event.of !== undefined && of === undefined) continue;
    if (event.type === 'sent') numbers.set(event.n, n);
    if (event instanceof RecordedDelivered) yield new RecordedDelivered({ ...event, n, of }, event.content);
    else if (event instanceof RecordedSent) yield new RecordedSent({ ...event, n }, event.content);
    else yield { ...event, n };
    n += 1;
  }
}

/** An event as traces have it, with its stream named as on the wire. */
export function tapRecord(event: TraceEvent, recording: Recording): TraceRecord {
  const { protocol } = recording;
  const stream = event.type === 'sent' && event.decoded?.ok === true ? protocol.streamIdOf?.(event.decoded.message) : undefined;
  return traceRecord(event, recording, stream === undefined ? undefined : new Map([[event.n, recording.masker.words(stream)]]));
}
