import type { Trace, TraceEvent } from '../trace.ts';

/** The events of a trace as plain values, with what their frames say, however the trace keeps them: for comparisons. */
export function told(trace: Trace = []): TraceEvent[] {
  return Array.from(trace, (event) => ('frame' in event ? { ...event, frame: event.frame, decoded: event.decoded } : event));
}
