import type { CaseRun, Results } from '../runner/results/result.ts';

/** What is known when a run of the corpus begins. */
export interface RunStart {
  readonly protocol: string;
  readonly world: 'real' | 'simulated';
  readonly seed: number;
  readonly timeScale: number;
  /** How many case-runs there will be, skipped ones not among them. */
  readonly total: number;
  /** How many are skipped. */
  readonly skipped: number;
  /** `replit-river 0.17.11`, or undefined for the reference pair. */
  readonly implementation: string | undefined;
}

/** Turns results into something for people or machines. */
export interface Reporter {
  start?(start: RunStart): void;
  /** A case-run begins; not told of every run, such as those in other threads. */
  begin?(id: string): void;
  caseRun?(run: CaseRun): void;
  finish(results: Results): void | Promise<void>;
}

/** Where a reporter writes text for a person. */
export interface TextOutput {
  write(text: string): void;
  /** A terminal that can redraw its last line. */
  readonly interactive: boolean;
  readonly colours: boolean;
  /** Width in characters. */
  readonly columns: number;
}
