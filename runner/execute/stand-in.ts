import type { PeerEvents } from '../../protocols/common/control.ts';
import type { Role } from '../../protocols/common/frame.ts';
import type { NormalisedTrace } from '../../protocols/common/normalise.ts';
import type { Protocol } from '../../protocols/common/protocol.ts';
import type { ApplicationEvent, Trace } from '../../protocols/common/trace.ts';
import { compareTraces } from '../judge/trace-diff.ts';
import type { Golden } from './golden.ts';
import { laneKinds } from './settle.ts';

/** Speaks for an application that tells us nothing: one in a debugger, started by hand. */
export interface StandIn {
  /** Tells what the application has seen by now, judging by what was on the wire. Ask it after each event. */
  follow(observed: Trace): void;
  /** Tells the next thing although the wire does not show it. False where there is nothing left to tell. */
  skip(): boolean;
}

/**
 * Tells `events` what the application of `role` saw in the golden trace, each thing as soon as all that was sent before it
 * there has been sent here too; up to the step `until` (an index).
 */
export function standIn(protocol: Protocol, golden: Extract<Golden, { ok: true }>, role: Role, until: number, events: PeerEvents): StandIn {
  const goldenTrace = [...(golden.trace ?? [])];
  const stop = goldenTrace.findIndex((event) => event.type === 'step' && event.step === until && event.phase === 'begin');
  const played = stop < 0 ? goldenTrace : goldenTrace.slice(0, stop);
  const waiting = played.filter((event): event is ApplicationEvent => event.type === 'application' && event.role === role && isSeen(event));
  const kinds = laneKinds(golden.calls);
  const normalise = (trace: Trace): NormalisedTrace => protocol.normalise(trace, golden.calls, golden.facts);
  let wanted: { readonly n: number; readonly lanes: NormalisedTrace } | undefined;

  function hasHappened(next: ApplicationEvent, observed: Trace): boolean {
    if (wanted?.n !== next.n) wanted = { n: next.n, lanes: normalise(goldenTrace.slice(0, next.n)) };
    const { divergences } = compareTraces(normalise(observed), wanted.lanes, protocol.variations, kinds);
    return !divergences.some(({ field }) => field === 'missing');
  }

  return {
    follow(observed) {
      for (let next = waiting[0]; next !== undefined && hasHappened(next, observed); next = waiting[0]) {
        waiting.shift();
        tell(next, events);
      }
    },
    skip() {
      const some = waiting.length > 0;
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        tell(next, events);
        // A status by the way is hardly what a person waits for.
        if (next.event.kind !== 'status') break;
      }
      return some;
    },
  };
}

/** Whether an application event is something that the application was told, not something it did. */
export function isSeen({ event }: ApplicationEvent): boolean {
  return event.kind === 'start' || event.kind === 'message' || event.kind === 'end' || event.kind === 'status' || event.kind === 'handler';
}

/** Tells `events` what an application event of a trace says. */
export function tell({ instance, event }: ApplicationEvent, events: PeerEvents): void {
  switch (event.kind) {
    case 'message':
      events.message({ call: event.call, result: event.result });
      break;
    case 'start':
    case 'end': {
      const { kind, ...rest } = event;
      events[kind](rest);
      break;
    }
    case 'status':
      events.status({ instance, status: event.status, ...(event.detail === undefined ? {} : { detail: event.detail }) });
      break;
    case 'handler':
      // What a golden trace holds was told in these very words.
      events.handler({ ...event, instance, event: event.event as HandlerEvent });
      break;
    case 'connect':
    case 'serve':
    case 'stop':
    case 'invoke':
    case 'send':
    case 'credit':
    case 'finish':
    case 'cancel':
    case 'disconnect':
      break;
  }
}

type HandlerEvent = Parameters<PeerEvents['handler']>[0]['event'];
