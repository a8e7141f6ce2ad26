import { show } from '../../protocols/common/pattern.ts';
import type { MatchContext, Protocol } from '../../protocols/common/protocol.ts';
import { where } from '../../protocols/common/sequence.ts';
import { isSent, type SentEvent, type Trace } from '../../protocols/common/trace.ts';
import type { Expectation } from '../cases/case.ts';
import type { Range } from '../cases/grammar.ts';
import type { Checkpoint, Finding } from '../results/result.ts';
import { fingerprint, type Judgement, levelOf, type RequirementOf } from './judgement.ts';

/** What an expectation over the whole wire needs to be judged. */
export interface ExpectationContext {
  readonly protocol: Protocol;
  readonly match: MatchContext;
  readonly requirementOf: RequirementOf;
  /** Requirement where the expectation names none. */
  readonly requirement: string | undefined;
  /** False where a step broke before: then the expectations were not reached. */
  readonly played: boolean;
}

/** Judges the `expect` lines of a case against everything that was sent. */
export function judgeExpectations(expectations: readonly Expectation[], trace: Trace, context: ExpectationContext): Judgement {
  const checkpoints: Checkpoint[] = [];
  const findings: Finding[] = [];
  for (const expectation of expectations) {
    const requirement = expectation.requirement ?? context.requirement;
    const id = `expect:${expectation.index}`;
    const failure = context.played ? failureOf(expectation, trace, context) : undefined;
    checkpoints.push({
      id,
      judge: 'expectation',
      requirements: requirement === undefined ? [] : [requirement],
      outcome: !context.played ? 'not-reached' : failure === undefined ? 'held' : 'broken',
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
      return { message: what, field: found.length === 0 ? 'missing' : 'count', events: found.slice(-3) };
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
          };
        }
        after = next;
      }
      return undefined;
    }
    case 'connections': {
      let count = 0;
      for (const event of trace) if (event.type === 'opened') count += 1;
      const wrong = outside(check.connections, count);
      return wrong === undefined
        ? undefined
        : { message: `${count} connections were opened; expected ${wrong}`, field: 'count', events: [] };
    }
  }
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
