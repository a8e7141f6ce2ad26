import type { Trace, TraceEvent } from '../../protocols/common/trace.ts';

/** A trace as somebody records it who knows nothing of applications and cases: what was on the wire, numbered anew. */
export function bareTrace(trace: Trace): TraceEvent[] {
  const numbers = new Map<number, number>();
  const bare: TraceEvent[] = [];
  for (const event of trace) {
    if (event.type === 'application' || event.type === 'step') continue;
    const n = bare.length;
    numbers.set(event.n, n);
    bare.push(renumbered(event, n, numbers));
  }
  return bare;
}

function renumbered(event: TraceEvent, n: number, numbers: ReadonlyMap<number, number>): TraceEvent {
  // Recorded frames are read when they are asked for, so that each member is taken by its name.
  if (event.type === 'sent') {
    const { t, type, connection, from, frame, decoded } = event;
    return { n, t, type, connection, from, frame, decoded };
  }
  if (event.type === 'delivered') {
    const { t, type, connection, to, of, altered, frame, decoded } = event;
    return { n, t, type, connection, to, of: of === undefined ? undefined : numbers.get(of), altered, frame, decoded };
  }
  return { ...event, n };
}
