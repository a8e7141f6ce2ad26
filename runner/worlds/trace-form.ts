import type { Frame } from '../../protocols/common/frame.ts';
import type { Sequence } from '../../protocols/common/sequence.ts';
import type { DeliveredEvent, SentEvent, TraceEvent } from '../../protocols/common/trace.ts';
import type { SpillForm } from '../spill/spilling-list.ts';
import { Content, type Reading, RecordedDelivered, RecordedSent } from './recorded-frame.ts';

/** About what an event takes in memory beside its frame's body, bytes. */
const EVENT_BYTES = 512;

/** A sent or delivered event on disk: what it says is read anew, and a frame that passed unaltered is written where it was sent. */
type Written =
  | (Omit<SentEvent, 'decoded'> & { readonly type: 'sent' })
  | (Omit<DeliveredEvent, 'decoded' | 'frame'> & { readonly frame: Frame | undefined })
  | Exclude<TraceEvent, SentEvent | DeliveredEvent>;

/** How trace events go to disk and come back. */
export function traceForm(reading: Reading): SpillForm<TraceEvent> {
  return {
    size: (event) => EVENT_BYTES + (isWhole(event) ? bodyBytes(event.frame) : 0),
    write(event): Written {
      if (event.type !== 'sent' && event.type !== 'delivered') return event;
      const { n, t, connection } = event;
      if (event.type === 'sent') return { n, t, type: 'sent', connection, from: event.from, frame: event.frame };
      const { to, of, altered } = event;
      return { n, t, type: 'delivered', connection, to, of, altered, frame: isWhole(event) ? event.frame : undefined };
    },
    read(written, trace) {
      // It is what `write` gave.
      const event = written as Written;
      if (event.type === 'sent') return new RecordedSent(event, new Content(event.frame, reading));
      if (event.type !== 'delivered') return event;
      if (event.frame === undefined) return new RecordedDelivered(event, () => contentAt(trace, event.of));
      const content = new Content(event.frame, reading);
      return new RecordedDelivered(event, () => content);
    },
  };
}

/** What was sent as event `n`. Throws an Error where that event is something else. */
export function contentAt(trace: Sequence<TraceEvent>, n: number | undefined): Content {
  const event = n === undefined ? undefined : trace.at(n);
  if (event instanceof RecordedSent) return event.content;
  throw new Error(`event ${n} of the trace is no frame that was sent`);
}

/** Whether the event has a frame of its own. */
function isWhole(event: TraceEvent): event is SentEvent | DeliveredEvent {
  return event.type === 'sent' || (event.type === 'delivered' && (event.altered || event.of === undefined));
}

function bodyBytes(frame: Frame): number {
  return frame.kind === 'message' ? frame.data.length : 0;
}
