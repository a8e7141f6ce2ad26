import type { InitializeResult } from '../../protocols/common/control.ts';
import { endingOf } from '../adapters/ending.ts';
import type { Reply } from '../adapters/rpc-connection.ts';
import type { Talk } from './talk.ts';

/** Factor from nominal ms to those that an adapter is told, as in a run. */
export const TIME_SCALE = 0.2;

/** What a check may use. */
export interface Bench {
  readonly talk: Talk;
  /** What the adapter said of itself. */
  readonly info: InitializeResult;
  /** Longest wait for an answer, in ms of the wall clock. */
  readonly boundMs: number;
  /** The timers of a run, in ms and counts: the protocol's own, scaled. */
  readonly timers: Readonly<Record<string, number>>;
  /** Where the broker is that both ends dial; undefined where the protocol has none. */
  readonly brokerUrl: string | undefined;
  /** A handle that was not used before. */
  handle(name: string): string;
}

/** One thing that an adapter must do, whatever its library does. */
export interface Check {
  /** As it reads where it holds: `ping is answered`. */
  readonly title: string;
  /** Where `docs/adapters.md` says so: the heading. */
  readonly heading: string;
  /** How it is mended where it does not hold. */
  readonly mend: string;
  /** What came instead; undefined where it holds. */
  run(bench: Bench): Promise<string | undefined>;
}

/** A check that does not hold. */
export interface Broken {
  readonly is: 'broken';
  readonly title: string;
  readonly got: string;
  readonly mend: string;
  readonly heading: string;
  readonly lines: Talk['lines'];
  /** What it wrote to stderr, where that says why. */
  readonly stderr?: string;
}

/** What came of a check. */
export type Outcome =
  | { readonly is: 'holds'; readonly title: string }
  | Broken
  | { readonly is: 'left-out'; readonly title: string; readonly why: string };

/** A reply in words, for where another was expected. */
export function inWords(reply: Reply, talk: Talk, boundMs: number): string {
  switch (reply.type) {
    case 'result':
      return `the result ${JSON.stringify(reply.result)?.slice(0, 200)}`;
    case 'error':
      return `the error ${reply.error.code} ${reply.error.message.slice(0, 200)}`;
    case 'late':
      return `no answer within ${boundMs} ms`;
    case 'closed':
      return `the process ended ${endingOf(talk.ended(), talk.stderr(), talk.implementation).words}`;
  }
}

/** What came where a result was expected; undefined where one came. */
export function unlessResult(reply: Reply, { talk, boundMs }: Bench): string | undefined {
  return reply.type === 'result' ? undefined : inWords(reply, talk, boundMs);
}

/** What came where any answer was expected; undefined where one came. */
export function unlessAnswered(reply: Reply, { talk, boundMs }: Bench): string | undefined {
  return reply.type === 'result' || reply.type === 'error' ? undefined : inWords(reply, talk, boundMs);
}

/** What came where a refusal was expected; undefined where one came. */
export function unlessRefused(reply: Reply, { talk, boundMs }: Bench): string | undefined {
  return reply.type === 'error' ? undefined : inWords(reply, talk, boundMs);
}
