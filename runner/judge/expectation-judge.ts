import type { MatchContext, Protocol } from '../../protocols/common/protocol.ts';
import { where } from '../../protocols/common/sequence.ts';
import { show } from '../../protocols/common/show.ts';
import { isSent, type OpenedEvent, type SentEvent, type Trace, type TraceEvent } from '../../protocols/common/trace.ts';
import type { Expectation } from '../cases/case.ts';
import type { Range } from '../cases/grammar-words.ts';
import type { Checkpoint, Finding } from '../results/result.ts';
import { fingerprint, type Judgement, levelOf, type RequirementOf } from './judgement.ts';

/** What an expectation over the whole wire needs to be judged. */
export interface ExpectationContext {
  readonly protocol: Protocol;
  readonly match: MatchContext;
  readonly requirementOf: RequirementOf;
  /** Requirement where the expectation names none. */
  readonly requirement: string | undefined;
  /** False where a step broke before: then only what no further frame could mend is judged, the rest was not reached. */
  readonly played: boolean;
}

/** Judges the `expect` lines of a case against everything that was sent. */
export function judgeExpectations(expectations: readonly Expectation[], trace: Trace, context: ExpectationContext): Judgement {
  const checkpoints: Checkpoint[] = [];
  const findings: Finding[] = [];
  for (const expectation of expectations) {
    const requirement = expectation.requirement ?? context.requirement;
    const id = `expect:${expectation.index}`;
    const found = failureOf(expectation, trace, context);
    const failure = context.played || found?.final === true ? found : undefined;
    checkpoints.push({
      id,
      judge: 'expectation',
      requirements: requirement === undefined ? [] : [requirement],
      outcome: failure !== undefined ? 'broken' : context.played ? 'held' : 'not-reached',
    });
    if (failure === undefined) continue;
    findings.push({
      judge: 'expectation',
      checkpoint: id,
      ...(requirement === undefined ? {} : { requirement }),
      level: levelOf(context.requirementOf, requirement),
      message: failure.message,
      events: failure.events,
      fingerprint: fingerprint('expectation', requirement, expectation.check.kind, failure.field),
    });
  }
  return { checkpoints, findings };
}

interface Failure {
  readonly message: string;
  readonly field: string;
  readonly events: number[];
  /** Nothing that might still have come would have mended it: one too many. */
  readonly final: boolean;
}

function failureOf({ check }: Expectation, trace: Trace, context: ExpectationContext): Failure | undefined {
  const matching = (pattern: unknown): Iterable<SentEvent> =>
    where(trace, (event): event is SentEvent => isSent(event) && context.protocol.mismatch(pattern, event, context.match) === undefined);
  switch (check.kind) {
    case 'wire': {
      const found = Array.from(matching(check.wire), ({ n }) => n);
      const wrong = outside(check.times, found.length);
      if (wrong === undefined) return undefined;
      const what = `${found.length} frames matching ${show(check.wire)} were sent; expected ${wrong}`;
      return { message: what, field: found.length === 0 ? 'missing' : 'count', ...surplus(check.times, found) };
    }
    case 'order': {
      let after = -1;
      for (const pattern of check.order) {
        const next = firstAfter(after, matching(pattern));
        if (next === undefined) {
          return {
            message: `no frame matching ${show(pattern)} was sent after event ${after}; expected that order`,
            field: 'order',
            events: [],
            final: false,
          };
        }
        after = next;
      }
      return undefined;
    }
    case 'connections': {
      const opened = Array.from(where(trace, isOpened), ({ n }) => n);
      const wrong = outside(check.connections, opened.length);
      if (wrong === undefined) return undefined;
      const what = `${opened.length} connections were opened; expected ${wrong}`;
      return { message: what, field: 'count', ...surplus(check.connections, opened) };
    }
  }
}

/** Which of the events (by `n`) show that a count is wrong: the first that is one too many and those after it, else the last of too few. */
function surplus(range: Range, found: readonly number[]): Pick<Failure, 'events' | 'final'> {
  const most = typeof range === 'number' ? range : (range.max ?? Number.POSITIVE_INFINITY);
  return found.length > most ? { events: found.slice(most, most + 3), final: true } : { events: found.slice(-1), final: false };
}

function isOpened(event: TraceEvent): event is OpenedEvent {
  return event.type === 'opened';
}

/** `n` of the first event behind event `after`. */
function firstAfter(after: number, events: Iterable<SentEvent>): number | undefined {
  for (const { n } of events) if (n > after) return n;
  return undefined;
}

/** The range in words when a count lies outside it. */
function outside(range: Range, count: number): string | undefined {
  if (typeof range === 'number') return count === range ? undefined : String(range);
  const { min = 0, max = Number.POSITIVE_INFINITY } = range;
  if (count >= min && count <= max) return undefined;
  return max === Number.POSITIVE_INFINITY ? `at least ${min}` : min === 0 ? `at most ${max}` : `${min} to ${max}`;
}
