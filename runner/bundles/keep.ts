import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Completed } from '../execute/corpus-run.ts';
import type { PlannedRun } from '../plan/plan.ts';
import type { CaseRun } from '../results/result.ts';
import { bundleOf, type Leaving, traceLines } from './write.ts';

/** Where evidence goes, and of which runs. */
export interface Evidence extends Leaving {
  /** The output folder. */
  readonly output: string;
  /** Traces of all runs, not only of those that did not pass. */
  readonly all: boolean;
}

/** Writes the trace of a run, and its bundle where it did not pass; gives their paths relative to the output folder. */
export async function keepEvidence(
  planned: PlannedRun,
  completed: Completed,
  run: CaseRun,
  evidence: Evidence,
): Promise<Pick<CaseRun, 'trace' | 'bundle'>> {
  const name = planned.id.replaceAll(/[^\w@+#.-]/g, '-');
  const failed = run.verdict !== 'pass';
  const { performance } = completed;
  const write = async (folder: string, file: string, text: string): Promise<string> => {
    await mkdir(join(evidence.output, folder), { recursive: true });
    await writeFile(join(evidence.output, folder, file), text);
    return join(folder, file);
  };
  const trace = async (): Promise<string | undefined> => {
    if (performance === undefined || !(evidence.all || failed)) return undefined;
    const lines = traceLines(planned, performance, evidence).map((line) => JSON.stringify(line));
    return write('traces', `${name}.jsonl`, `${lines.join('\n')}\n`);
  };
  const bundle = async (): Promise<string | undefined> => {
    const text = failed ? await textOf(planned.case.file) : undefined;
    if (text === undefined) return undefined;
    return write('bundles', `${name}.json`, `${JSON.stringify(bundleOf(planned, completed, run, text, evidence))}\n`);
  };
  const [tracePath, bundlePath] = await Promise.all([trace(), bundle()]);
  return { ...(tracePath === undefined ? {} : { trace: tracePath }), ...(bundlePath === undefined ? {} : { bundle: bundlePath }) };
}

/** A case that was made, not read, has no file; then there is nothing to replay from. */
async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
}
