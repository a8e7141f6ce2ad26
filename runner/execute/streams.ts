import type { MatchContext, Protocol } from '../../protocols/common/protocol.ts';
import type { Trace } from '../../protocols/common/trace.ts';
import { type Board, callFacts } from './board.ts';

/**
 * Finds the stream that a name stands for: a call's stream as the protocol reads it off the trace, or a stream that a
 * scripted peer opened by hand. A binding once found is kept; the trace is read again only while a name is missing.
 */
export function streamFinder(
  protocol: Protocol,
  board: Board,
  trace: () => Trace,
  scripted: (name: string) => string | undefined,
): MatchContext {
  const found = new Map<string, string>();
  let readUpTo = -1;
  return {
    streamOf(name) {
      const known = found.get(name);
      if (known !== undefined) return known;
      if (!board.calls.has(name)) return scripted(name);
      const events = trace();
      if (events.length !== readUpTo) {
        readUpTo = events.length;
        for (const [call, stream] of protocol.bindCalls(events, callFacts(board))) found.set(call, stream);
      }
      return found.get(name);
    },
  };
}
