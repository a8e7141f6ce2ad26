import pc from 'picocolors';
import { oneLine, plain, REDRAW } from '../../protocols/common/plain.ts';
import type { CaseRun, Results } from '../../runner/results/result.ts';
import { cut } from '../cut.ts';
import { readable } from '../readable.ts';
import type { Reporter, RunStart, TextOutput } from '../reporter.ts';
import { type Cause, causesOf, GRAVITIES, gravityOf } from './causes.ts';
import { renderFailure } from './failure.ts';
import { isNews } from './news.ts';

/** How much the console says. */
export interface ConsoleOptions {
  /** Also a line for each case-run that went as expected. */
  readonly verbose: boolean;
  /** At most this many stories are told in full; further causes get one line each. */
  readonly stories: number;
  /** What to put before the path of a trace: the output folder with a slash. */
  readonly folder?: string;
  /** Monotonic ms; without it nothing is said of how long a run will take. */
  readonly now?: () => number;
  /** Does something every so many ms until the answer is called; without it the living line changes with case-runs alone. */
  readonly every?: (ms: number, act: () => void) => () => void;
}

/** How often a run says how far it is where its last line cannot be redrawn, ms. */
const PROGRESS_MS = 30_000;

/** How often the living line is drawn anew while nothing happens, and least between two, ms. */
const REDRAW_MS = 500;
const LEAST_MS = 40;

/** How much of what was found is told of a cause in one line, characters. */
const LONGEST_IN_SHORT = 160;

/** How long a case-run may take before the living line names it, ms. */
const SLOW_MS = 3000;

/** The console reporter: progress while it runs, a story for each cause of failure, a summary. */
export function consoleReporter(output: TextOutput, options: ConsoleOptions): Reporter {
  const colours = pc.createColors(output.colours);
  const { now = () => 0 } = options;
  const progress = { total: 0, done: 0, failures: 0, begun: 0, told: 0 };
  /** Case-runs under way and when they began, the oldest first. */
  const running = new Map<string, number>();
  let drawn = Number.NEGATIVE_INFINITY;
  let still = (): void => {};
  const howFar = (): string => `${progress.done}/${progress.total}${estimate(progress, now())}`;
  const redraw = (always = false): void => {
    if (!output.interactive) {
      if (now() - progress.told < PROGRESS_MS || progress.done === progress.total) return;
      progress.told = now();
      output.write(`${colours.dim(howFar())}\n`);
      return;
    }
    // A fast run would draw more than anyone sees.
    if (!always && options.now !== undefined && now() - drawn < LEAST_MS) return;
    drawn = now();
    const { failures } = progress;
    const told = failures === 0 ? 'no failure so far' : `${failures} ${failures === 1 ? 'failure' : 'failures'} so far`;
    const line = [howFar(), told, ...slow(running, now())].join(' · ');
    // A line that wraps could not be drawn again.
    const cut = line.length < output.columns ? line : `${line.slice(0, output.columns - 2)}…`;
    output.write(`${REDRAW}${failures === 0 ? colours.dim(cut) : cut.replace(told, colours.red(told))}`);
  };
  const clear = (): void => {
    if (output.interactive) output.write(REDRAW);
  };
  return {
    start(start: RunStart) {
      progress.total = start.total;
      progress.begun = now();
      progress.told = progress.begun;
      if (output.interactive) still = options.every?.(REDRAW_MS, () => redraw(true)) ?? still;
      const whom = start.implementation ?? 'reference client and reference server';
      output.write(
        `${colours.bold(start.protocol)}: ${start.total} case-runs of ${oneLine(whom)}${start.skipped === 0 ? '' : ` (${start.skipped} skipped)`}, ${start.world} world, seed ${start.seed}\n`,
      );
    },
    begin(id: string) {
      running.set(id, now());
    },
    caseRun(told: CaseRun) {
      const run = readable(told);
      running.delete(told.id);
      if (run.verdict !== 'skip') progress.done += 1;
      if (isNews(run)) progress.failures += 1;
      if (options.verbose || isNews(run) || run.verdict === 'unclear') {
        clear();
        output.write(`${line(run, colours)}\n`);
      }
      redraw();
    },
    finish(results: Results) {
      still();
      clear();
      const news = results.runs.filter((run) => isNews(run) && run.expected !== 'not-confirmed').map(readable);
      const causes = causesOf(news);
      for (const cause of causes.slice(0, options.stories)) {
        output.write(`\n${renderFailure(cause.first, cause.finding, colours, output.columns, options.folder ?? '')}`);
        const others = cause.runs.length - 1;
        if (others > 0) output.write(`${colours.dim(`  and ${others} more with the same cause: ${names(cause.runs.slice(1))}`)}\n`);
      }
      for (const cause of causes.slice(options.stories)) {
        output.write(`${colours.dim('·')} ${inShort(cause)}: ${names(cause.runs)}\n`);
      }
      for (const warning of results.warnings ?? []) output.write(`\n${colours.yellow('warning')} ${plain(warning)}\n`);
      for (const text of unsteady(results)) output.write(`${text}\n`);
      output.write(`\n${summary(results, grouped(causes), colours)}`);
    },
  };
}

/** What one cause comes to in a line: the rule and what was found, cut off where that is long. */
function inShort({ fingerprint, finding }: Cause): string {
  if (finding === undefined) return fingerprint;
  return `${finding.requirement ?? finding.judge}: ${cut(oneLine(finding.message), LONGEST_IN_SHORT)}`;
}

/** `, about 3 min left`, as soon as a tenth of the runs or half a minute says something of the rest. */
function estimate({ done, total, begun }: { readonly done: number; readonly total: number; readonly begun: number }, now: number): string {
  const passed = now - begun;
  if (done === 0 || passed <= 0 || (done < total / 10 && passed < PROGRESS_MS)) return '';
  const left = ((total - done) * passed) / done;
  if (left < 5000) return '';
  return left < 90_000 ? `, about ${Math.round(left / 1000)} s left` : `, about ${Math.round(left / 60_000)} min left`;
}

/** `8 s on river/reconnect/within-grace@client+json`, of the case-run that has taken longest where that is long. */
function slow(running: ReadonlyMap<string, number>, now: number): string[] {
  const [oldest] = running;
  if (oldest === undefined) return [];
  const [id, since] = oldest;
  return now - since < SLOW_MS ? [] : [`${Math.floor((now - since) / 1000)} s on ${oneLine(id)}`];
}

function names(runs: readonly CaseRun[]): string {
  const shown = runs.slice(0, 4).map((run) => run.id);
  return runs.length > 4 ? `${shown.join(', ')} and ${runs.length - 4} more` : shown.join(', ');
}

function line(run: CaseRun, colours: ReturnType<typeof pc.createColors>): string {
  const stale = run.expected === 'stale-known-failure' ? colours.red(' (listed as a known failure, but it passes)') : '';
  const known = run.expected === 'known-failure' ? colours.dim(' (known failure)') : '';
  const open = run.expected === 'not-confirmed' ? colours.yellow(' (not confirmed)') : '';
  const beyond = run.expected === 'beyond-set' ? colours.dim(' (not in the set)') : '';
  const { green, cyan, yellow, red, magenta, dim } = colours;
  const paint = { pass: green, question: cyan, warn: yellow, fail: red, error: magenta, skip: dim, unclear: yellow }[run.verdict];
  const slow = run.tooSlow === undefined ? '' : colours.yellow(` (${plain(run.tooSlow)})`);
  return `${paint(run.verdict.padEnd(5))} ${run.id} ${colours.dim(`${Math.round(run.durationMs)} ms`)}${stale}${known}${beyond}${open}${slow}`;
}

/** `12 failures, 2 causes` */
function grouped(causes: readonly Cause[]): string {
  return GRAVITIES.flatMap((one) => {
    const list = causes.filter(({ first }) => gravityOf(first) === one);
    const runs = list.reduce((sum, cause) => sum + cause.runs.length, 0);
    const what = `${runs} ${runs === 1 ? one : `${one}s`}, ${list.length} ${list.length === 1 ? 'cause' : 'causes'}`;
    return list.length === 0 ? [] : [what];
  }).join('; ');
}

/** The case-runs that did not give the same verdict each time, and how many did. */
function unsteady({ rates = [] }: Results): string[] {
  if (rates.length === 0) return [];
  const changed = rates.filter(({ counts }) => Object.keys(counts).length > 1);
  const lines = changed.map(({ id, times, counts }) => {
    const told = Object.entries(counts).map(
      ([verdict, count]) => `${verdict} ${count} of ${times} (${Math.round((count / times) * 100)} %)`,
    );
    return `  ${oneLine(id)}: ${told.join(', ')}`;
  });
  return ['', `${rates.length} case-runs repeated, ${changed.length} of them with changing verdicts`, ...lines];
}

function scored({ score }: Results): string {
  if (score === undefined) return '';
  const { set, cases, requirements } = score;
  return `score ${set}: ${cases.passed} of ${cases.total} cases, ${requirements.kept} of ${requirements.total} requirements\n`;
}

function summary(results: Results, causes: string, colours: ReturnType<typeof pc.createColors>): string {
  const {
    pass = 0,
    question = 0,
    warn = 0,
    fail = 0,
    error = 0,
    skip = 0,
    unclear = 0,
    known = 0,
    stale = 0,
    beyond = 0,
    'not-confirmed': open = 0,
  } = results.summary;
  const parts = [
    colours.green(`${pass} passed`),
    ...(question > 0 ? [colours.cyan(`${question} ${question === 1 ? 'question' : 'questions'}`)] : []),
    ...(warn > 0 ? [colours.yellow(`${warn} warned`)] : []),
    ...(fail > 0 ? [colours.red(`${fail} failed`)] : []),
    ...(error > 0 ? [colours.magenta(`${error} errors`)] : []),
    ...(unclear > 0 ? [colours.yellow(`${unclear} unclear (this machine is too slow to tell)`)] : []),
    ...(known > 0 ? [colours.dim(`${known} of them known failures`)] : []),
    ...(beyond > 0 ? [colours.dim(`${beyond} of them beyond the set`)] : []),
    ...(open > 0 ? [colours.yellow(`${open} of them not confirmed, since the run ended before`)] : []),
    ...(skip > 0 ? [colours.dim(`${skip} skipped`)] : []),
    ...(stale > 0 ? [colours.red(`${stale} known failures now pass`)] : []),
  ];
  const told = causes === '' ? '' : `; ${colours.bold(causes)}`;
  const seconds = (results.durationMs / 1000).toFixed(2);
  const rate = Math.round(((results.runs.length - skip) / Math.max(1, results.durationMs)) * 1000);
  return `${parts.join(', ')}${told} ${colours.dim(`— ${results.runs.length - skip} case-runs in ${seconds} s (${rate}/s)`)}\n${scored(results)}`;
}
