import { instanceName } from '../../protocols/common/instance.ts';
import type { MatchContext, Protocol } from '../../protocols/common/protocol.ts';
import { diallersIn, type Trace } from '../../protocols/common/trace.ts';
import type { Performance } from '../execute/performance.ts';
import { PUNCTUAL } from '../execute/punctual.ts';

/** What is known of a run from a file alone. */
export interface RecordedRun extends Pick<Performance, 'played' | 'wholeTrace' | 'calls' | 'facts' | 'strays'> {
  /** Events before the run was closed down. */
  readonly closing: number;
  /** Streams of scripted calls, by their names. */
  readonly streams: Readonly<Record<string, string>>;
}

/** A run as it was recorded, ready to be judged like one that was just made. */
export function recordedPerformance(protocol: Protocol, { closing, streams, ...recorded }: RecordedRun): Performance {
  const { wholeTrace, calls, facts } = recorded;
  const trace = wholeTrace.slice(0, closing);
  return {
    ...recorded,
    punctuality: PUNCTUAL,
    trace,
    taken: NOTHING_TAKEN,
    normalised: protocol.normalise(trace, calls, facts),
    match: matchOf(protocol, wholeTrace, calls, streams),
    release: inMemory,
  };
}

/** How long what a trace shows took, ms. */
export function lengthOf(trace: Trace | undefined): number {
  return trace?.at(-1)?.t ?? 0;
}

/** Nobody asks again whose fault it was that a run was late. */
const NOTHING_TAKEN = { client: 0, server: 0 } as const;

/** What is read from a file has not spilled. */
function inMemory(): void {}

function matchOf(
  protocol: Protocol,
  trace: Performance['trace'],
  calls: Performance['calls'],
  scripted: Readonly<Record<string, string>>,
): MatchContext {
  const bound = protocol.bindCalls(trace, calls);
  const diallers = diallersIn(trace);
  return {
    dialledBy(connection) {
      const dialler = diallers.get(connection);
      return dialler && instanceName(dialler);
    },
    streamOf: (name) => bound.get(name) ?? (Object.hasOwn(scripted, name) ? scripted[name] : undefined),
  };
}
