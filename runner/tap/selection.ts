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

/** Kinds that are remembered of what passed; some protocols have as many as there are words. */
const MOST_KINDS = 24;

/** What passed, and whether any of it was chosen. */
export interface Choice {
  passed(event: TraceEvent, chosen: boolean): void;
  /** That nothing was chosen of all that passed, and of which kinds that was; undefined where something was, or nothing passed. */
  nothing(): string | undefined;
}

/** Follows whether a selection chooses anything: a word of it may be one that no frame of these programs bears. */
export function followChoice(protocol: Protocol): Choice {
  const kinds = new Set<string>();
  let some = false;
  return {
    passed(event, chosen) {
      some ||= chosen && event.type === 'sent';
      if (!some && event.type === 'sent' && kinds.size < MOST_KINDS) kinds.add(protocol.kindOf(event.frame, event.decoded));
    },
    nothing: () =>
      some || kinds.size === 0 ? undefined : `none of the frames is one that was asked for; their kinds: ${[...kinds].join(', ')}`,
  };
}
