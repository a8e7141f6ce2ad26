import { consoleReporter } from '../../reporters/console/console.ts';
import type { Reporter, RunStart, TextOutput } from '../../reporters/reporter.ts';
import type { LinesHead } from '../results/lines.ts';
import type { CaseRun, Results } from '../results/result.ts';
import { adviceFor } from '../worlds/run-errors.ts';
import { fileReporters } from './reports.ts';
import { LINES_FILE, openResultLines } from './result-lines.ts';
import type { RunOptions } from './run-options.ts';

/** Who hears of a run: the terminal, the reports that were asked for, and the lines of results. */
export interface Audience {
  /** The run begins; `head` is what its lines of results begin with. */
  start(start: RunStart, head: LinesHead): void;
  /** A case-run begins. */
  begin(id: string): void;
  caseRun(run: CaseRun): void;
  /** The end. Gives what could not be written, each in words. */
  finish(results: Results): Promise<readonly string[]>;
}

/** Loads who is to hear of a run. `output` is the folder of its files; undefined: there are none. */
export async function openAudience(
  options: Pick<RunOptions, 'verbose' | 'stories' | 'report'>,
  output: string | undefined,
  terminal: TextOutput,
): Promise<Audience> {
  const reporters: readonly Reporter[] = [
    consoleReporter(terminal, {
      verbose: options.verbose,
      stories: options.stories,
      now: () => performance.now(),
      every: (ms, act) => {
        const timer = setInterval(act, ms).unref();
        return () => clearInterval(timer);
      },
      ...(output === undefined ? {} : { folder: `${output}/` }),
    }),
    ...(output === undefined ? [] : await fileReporters(options.report, output)),
  ];
  let lines: ReturnType<typeof openResultLines> | undefined;
  return {
    start(start, head) {
      if (output !== undefined) lines = openResultLines(output, head);
      for (const reporter of reporters) reporter.start?.(start);
    },
    begin(id) {
      for (const reporter of reporters) reporter.begin?.(id);
    },
    caseRun(run) {
      lines?.add(run);
      for (const reporter of reporters) reporter.caseRun?.(run);
    },
    async finish(results) {
      const broken = lines?.close();
      if (broken !== undefined) process.stderr.write(`${LINES_FILE} is not whole: ${broken}\n`);
      const unwritten: string[] = [];
      for (const reporter of reporters) {
        try {
          await reporter.finish(results);
        } catch (error) {
          // The others may still be written; the summary was first.
          const code = error instanceof Error && 'code' in error ? error.code : undefined;
          if (code === undefined) throw error;
          const advice = adviceFor(code);
          unwritten.push(`${error instanceof Error ? error.message : String(error)}${advice === undefined ? '' : `: ${advice}`}`);
        }
      }
      return unwritten;
    },
  };
}
