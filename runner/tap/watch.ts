import type { Party } from '../../protocols/common/frame.ts';
import type { RunFacts, Violation } from '../../protocols/common/invariant.ts';
import type { Protocol } from '../../protocols/common/protocol.ts';
import type { Requirement } from '../../protocols/common/requirement.ts';
import type { TraceEvent } from '../../protocols/common/trace.ts';
import { isBinding, levelOf, type RequirementOf } from '../judge/judgement.ts';
import type { Finding } from '../results/result.ts';

/** What a broken rule amounts to: it fails, it warns, or it is a question where the rule is disputed. */
export type Gravity = 'fail' | 'warn' | 'question';

/** A rule that an end was seen to break, or what it did below the messages. */
export interface Breach {
  /** Undefined where the carrier's rules were broken. */
  readonly requirement: string | undefined;
  readonly level: Finding['level'];
  readonly gravity: Gravity;
  readonly blame: Party;
  /** What was seen and what the rule wants. */
  readonly message: string;
  /** `n` of the events that show it, the decisive one first. */
  readonly events: readonly number[];
  /** How often this end has broken this rule, this time included. */
  readonly times: number;
}

/** What was seen of one rule and one end. */
export interface RuleTally {
  readonly requirement: string | undefined;
  readonly blame: Party;
  readonly level: Finding['level'];
  readonly gravity: Gravity;
  /** How often it was broken. */
  readonly times: number;
  /** What was said the first time. */
  readonly message: string;
}

/** What was examined and broken so far. */
export interface Tally {
  /** Requirements that were examined on an end, whether they held or not. */
  readonly examined: Readonly<Record<Party, ReadonlySet<string>>>;
  /** Broken rules by weight, then in order of appearance. */
  readonly broken: readonly RuleTally[];
}

/** The protocol's invariants over a trace that still grows. */
export interface Watch {
  /** Reads the next event; gives what it shows. */
  observe(event: TraceEvent): readonly Breach[];
  /** The trace is over: gives what only its end can show. */
  finish(): readonly Breach[];
  tally(): Tally;
}

/** How much of a long trace is remembered. */
export interface Memory {
  /** Events that are not past yet. */
  readonly events: number;
  /** After how many events what is past is let go. */
  readonly every: number;
}

/** An hour of a lively connection, in some tens of MiB. */
export const TAP_MEMORY: Memory = { events: 100_000, every: 20_000 };

/** Starts all invariants of a protocol. A rule that a profile has waived is not told. */
export function startWatch(protocol: Protocol, facts: RunFacts, requirementOf: RequirementOf, memory: Memory = TAP_MEMORY): Watch {
  const examined: Record<Party, Set<string>> = { client: new Set(), server: new Set(), broker: new Set() };
  const broken = new Map<string, { -readonly [K in keyof RuleTally]: RuleTally[K] }>();
  let news: Breach[] = [];

  function enter(violation: Omit<Violation, 'requirement'>, requirement: string | undefined): void {
    const rule = requirement === undefined ? undefined : requirementOf(requirement);
    const gravity = gravityOf(rule, levelOf(requirementOf, requirement));
    if (gravity !== undefined) count(violation, requirement, gravity);
  }

  function count({ blame, message, events }: Omit<Violation, 'requirement'>, requirement: string | undefined, gravity: Gravity): void {
    const key = `${blame} ${requirement ?? message}`;
    const tally = broken.get(key) ?? { requirement, blame, level: levelOf(requirementOf, requirement), gravity, times: 0, message };
    broken.set(key, tally);
    tally.times += 1;
    news.push({ requirement, level: tally.level, gravity, blame, message, events, times: tally.times });
  }

  const automaton = protocol.startInvariants(facts, () => ({
    holds: (requirement, blame) => examined[blame].add(requirement),
    violates: (violation) => {
      examined[violation.blame].add(violation.requirement);
      enter(violation, violation.requirement);
    },
  }));

  function told(happen: () => void): readonly Breach[] {
    news = [];
    happen();
    return news;
  }

  const open = new Set<number>();
  /** Connections that have ended, by the event that says so; the oldest first. */
  const ended = new Map<number, number>();

  function follow(event: TraceEvent): void {
    if (event.type === 'opened') open.add(event.connection);
    else if (event.type === 'closed' && open.delete(event.connection)) ended.set(event.connection, event.n);
    if (event.n % memory.every !== 0 || event.n < memory.events) return;
    const before = event.n - memory.events;
    for (const [connection, n] of ended) {
      if (n >= before) break;
      ended.delete(connection);
    }
    automaton.forget?.({ before, isOver: (connection) => !open.has(connection) && !ended.has(connection) });
  }

  return {
    observe: (event) =>
      told(() => {
        follow(event);
        if (event.type === 'carrier') {
          const { from, problem, n } = event;
          // Why an end did what it may do, nobody here knows.
          count({ blame: from, message: `the ${from} ${problem.text}`, events: [n] }, undefined, problem.allowed ? 'question' : 'fail');
        }
        automaton.observe(event);
      }),
    finish: () => told(() => automaton.finish()),
    tally: () => ({ examined, broken: [...broken.values()].toSorted((a, b) => WEIGHT[a.gravity] - WEIGHT[b.gravity]) }),
  };
}

const WEIGHT: Readonly<Record<Gravity, number>> = { fail: 0, warn: 1, question: 2 };

/** Undefined where breaking the rule is nothing. */
function gravityOf(rule: Requirement | undefined, level: Finding['level']): Gravity | undefined {
  if (rule?.disputed?.ruling === 'waived') return undefined;
  if (rule?.disputed?.ruling === 'open') return 'question';
  return isBinding(level) ? 'fail' : 'warn';
}
