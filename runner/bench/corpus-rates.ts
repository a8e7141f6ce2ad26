import { type Bar, barCell } from './bar.ts';
import { weirRun } from './weir.ts';

/** One run of the corpus, or of part of it. */
export interface CorpusRate {
  readonly what: string;
  /** Case-runs that were not skipped. */
  readonly runs: number;
  readonly seconds: number;
  readonly perSecond: number;
  /** Processor time of the runner for each case-run, ms; start and warming up are in it. */
  readonly processorMs: number | undefined;
  /** Largest resident set of the runner. */
  readonly peakMiB: number | undefined;
  /** How many came to each verdict. */
  readonly verdicts: Readonly<Record<string, number>>;
  readonly bar: Bar | undefined;
}

/** Columns of a table of them. */
export const RATE_HEAD = ['who', 'case-runs', 's', 'per s', 'processor ms each', 'peak MiB', 'verdicts', 'bar'];

/** The row of one; a bar in seconds is one of all its case-runs together. */
export function rateRow({ what, runs, seconds, perSecond, processorMs, peakMiB, verdicts, bar }: CorpusRate): (string | number)[] {
  const counts = Object.entries(verdicts).map(([verdict, count]) => `${count} ${verdict}`);
  const measured = bar?.unit === SECONDS ? seconds : perSecond;
  return [what, runs, seconds, perSecond, processorMs ?? Number.NaN, peakMiB ?? Number.NaN, counts.join(', '), barCell(bar, measured)];
}

/** The unit of bars for whole corpora, and of those for rates. */
export const SECONDS = 's';
export const A_SECOND = 'a second';

/** Runs the corpus by the command line and says how fast it went. */
export async function corpusRate(what: string, args: readonly string[], bar?: Bar): Promise<CorpusRate> {
  const { results, peakMiB, processor } = await weirRun(args);
  const ran = results.runs.filter(({ verdict }) => verdict !== 'skip');
  const verdicts: Record<string, number> = {};
  for (const { verdict } of ran) verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
  const seconds = results.durationMs / 1000;
  const processorMs = processor === undefined ? undefined : (processor * 1000) / ran.length;
  return { what, runs: ran.length, seconds, perSecond: ran.length / seconds, processorMs, peakMiB, verdicts, bar };
}
