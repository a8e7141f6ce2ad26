import { join } from 'node:path';
import { bodyLength } from '../../protocols/common/frame.ts';
import { jsonText } from '../../protocols/common/plain.ts';
import type { Completed } from '../execute/case-run.ts';
import { makeFolder } from '../files/make-folder.ts';
import { FileError, LONGEST_WRITTEN, readText } from '../files/read.ts';
import { writeAnew } from '../files/write.ts';
import type { Masker } from '../masking/masker.ts';
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

/** Characters that are written at a time. */
const CHUNK = 1024 * 1024;

/** Bytes of frames, and about what the record of an event takes beside them, that a bundle may hold. */
const LONGEST_BUNDLE = 64 * 1024 * 1024;
const EVENT_LENGTH = 500;

/** Writes the trace of a run, and its bundle where it did not pass; gives their paths relative to the output folder. */
export async function keepEvidence(
  planned: PlannedRun,
  completed: Completed,
  run: CaseRun,
  evidence: Evidence,
  masker: Masker,
): Promise<Pick<CaseRun, 'trace' | 'bundle'>> {
  const name = planned.id.replaceAll(/[^\w@+#.-]/g, '-');
  const failed = run.verdict !== 'pass';
  const { performance } = completed;
  const write = async (folder: string, file: string, text: Iterable<string>): Promise<string> => {
    makeFolder(join(evidence.output, folder));
    await writeAnew(join(evidence.output, folder, file), text);
    return join(folder, file);
  };
  const trace = async (): Promise<string | undefined> => {
    if (performance === undefined || !(evidence.all || failed)) return undefined;
    return write('traces', `${name}.jsonl`, inChunks(traceLines(planned, performance, evidence, masker)));
  };
  const bundle = async (): Promise<string | undefined> => {
    const text = failed && mayBeBundled(completed) ? textOf(planned.case.file) : undefined;
    if (text === undefined) return undefined;
    const { maskedCaseText } = await import('../masking/case-text.ts');
    const written = bundleOf(planned, completed, run, maskedCaseText(text, masker), evidence, masker);
    return write('bundles', `${name}.json`, [jsonText(written), '\n']);
  };
  const [tracePath, bundlePath] = await Promise.all([trace(), bundle()]);
  return { ...(tracePath === undefined ? {} : { trace: tracePath }), ...(bundlePath === undefined ? {} : { bundle: bundlePath }) };
}

/** The lines as JSON, some at a time: a long trace is never one text. */
function* inChunks(lines: Iterable<object>): Generator<string> {
  let chunk = '';
  for (const line of lines) {
    chunk += `${jsonText(line)}\n`;
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk;
}

/** Whether both traces are short enough to be one JSON text; where they are not, the trace file is all that is left of the run. */
function mayBeBundled({ performance, golden }: Completed): boolean {
  if (golden.ok && golden.trace === undefined) return false;
  let length = 0;
  for (const trace of [performance?.wholeTrace ?? [], golden.ok ? (golden.trace ?? []) : []]) {
    for (const event of trace) length += EVENT_LENGTH + ('frame' in event && event.frame.class === 'data' ? bodyLength(event.frame) : 0);
  }
  return length <= LONGEST_BUNDLE;
}

/** A case that was made, not read, has no file; then there is nothing to replay from. */
function textOf(file: string): string | undefined {
  try {
    return readText(file, LONGEST_WRITTEN);
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}
