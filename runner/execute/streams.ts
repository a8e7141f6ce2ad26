import { instanceName } from '../../protocols/common/instance.ts';
import type { CallReference } from '../../protocols/common/normalise.ts';
import type { MatchContext, Protocol } from '../../protocols/common/protocol.ts';
import type { Trace } from '../../protocols/common/trace.ts';
import { type Board, callFacts } from './board.ts';

/**
 * Finds what a name stands for on the wire: a call as the protocol reads it off the trace, or what a scripted peer opened by
 * hand. What was found is kept; the trace is read again only while a name is missing, or where calls go on on later connections and
 * there is one.
 */
export function streamFinder(
  protocol: Protocol,
  board: Board,
  trace: () => Trace,
  scripted: (name: string) => CallReference | undefined,
): MatchContext {
  const found = new Map<string, CallReference>();
  let readUpTo = -1;
  let looked = 0;
  let connections = 0;
  /** Whether what is known may have grown: a call has moved to a later connection. */
  const mayHaveMoved = (): boolean => {
    if (protocol.callsOutliveConnections !== true) return false;
    const events = trace();
    for (; looked < events.length; looked += 1) if (events.at(looked)?.type === 'opened') connections += 1;
    return connections > 1 && events.length !== readUpTo;
  };
  /** Diallers by connection, as far as the trace was looked through for them. */
  const diallers = new Map<number, string>();
  let lookedForDiallers = 0;
  return {
    dialledBy(connection) {
      const known = diallers.get(connection);
      if (known !== undefined) return known;
      const events = trace();
      for (; lookedForDiallers < events.length; lookedForDiallers += 1) {
        const event = events.at(lookedForDiallers);
        if (event?.type === 'opened' && event.dialler !== undefined) diallers.set(event.connection, instanceName(event.dialler));
      }
      return diallers.get(connection);
    },
    streamOf(name) {
      const known = found.get(name);
      if (known !== undefined && !mayHaveMoved()) return known;
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
