import type { Party } from '../../protocols/common/frame.ts';
import type { Protocol } from '../../protocols/common/protocol.ts';
import type { TraceEvent } from '../../protocols/common/trace.ts';

/** Which frames are told; what is not named chooses nothing. All are recorded and judged. */
export interface Selection {
  readonly kinds: readonly string[];
  readonly streams: readonly string[];
  readonly from: Party | undefined;
  /** A wire pattern, parsed by the protocol's grammar. */
  readonly pattern: unknown;
}

/** Whether an event is told. Events that are no frames always are, and so is what a fault made of a frame that is. */
export function selects(protocol: Protocol, { kinds, streams, from, pattern }: Selection): (event: TraceEvent) => boolean {
  return (event) => {
    if (event.type !== 'sent' && event.type !== 'delivered') return true;
    const { frame, decoded } = event;
    if (from !== undefined && (event.type === 'sent' ? event.from === from : event.to !== from) === false) return false;
    if (kinds.length > 0 && !kinds.includes(protocol.kindOf(frame, decoded))) return false;
    if (streams.length > 0) {
      const stream = decoded?.ok === true ? protocol.streamIdOf?.(decoded.message) : undefined;
      if (stream === undefined || !streams.includes(stream)) return false;
    }
    return pattern === undefined || protocol.mismatch(pattern, event, { streamOf: (name) => name }) === undefined;
  };
}
