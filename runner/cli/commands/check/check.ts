import { plain } from '../../../../protocols/common/plain.ts';
import { isTraceFile } from '../../../bundles/format.ts';
import type { CaseRun } from '../../../results/result.ts';
import { explainError } from '../../errors.ts';
import { compared, readEvidence, tell } from '../../evidence.ts';
import { EXIT, exitCodeOf, UsageError } from '../../exit.ts';
import { type Rejudging, rejudgeBundle, rejudgeTrace } from '../../rejudge.ts';

/** Options of `weir check`. */
export type CheckOptions = Rejudging;

/** `weir check`: judges bundles and traces again by today's rules, running no implementation. Gives the exit code. */
export async function checkCommand(files: readonly string[], options: CheckOptions): Promise<number> {
  const runs: CaseRun[] = [];
  let unread = 0;
  for (const file of files) {
    try {
      const text = readEvidence(file);
      runs.push(...(isTraceFile(text) ? await checkTrace(file, text, options) : [await checkBundle(file, text, options)]));
    } catch (error) {
      // One bad file must not hide what the others say.
      const { text, code } = explainError(error);
      if (code !== EXIT.usage) throw error;
      process.stderr.write(`${plain(text)}\n`);
      unread += 1;
    }
  }
  if (unread > 0) return EXIT.usage;
  return exitCodeOf(runs) === EXIT.ok ? EXIT.ok : EXIT.findings;
}

async function checkBundle(file: string, text: string, options: CheckOptions): Promise<CaseRun> {
  const { run, notes, bundle } = await rejudgeBundle(file, text, options);
  for (const each of notes) note(each);
  tell(run);
  say(`${file}: ${compared(bundle, run)}`);
  return run;
}

async function checkTrace(file: string, text: string, options: CheckOptions): Promise<readonly CaseRun[]> {
  const judged = await rejudgeTrace(file, text, options);
  const examined = judged.filter(({ run }) => run.checkpoints.length > 0);
  if (examined.length === 0) {
    const whom = judged.map(({ run }) => run.role).join(' or the ');
    throw new UsageError(`${file}: no invariant finds anything to judge of the ${whom} in this trace`);
  }
  for (const { run } of examined) tell(run);
  for (const each of examined[0]?.notes ?? []) say(`${file}: ${each}`);
  return examined.map(({ run }) => run);
}

function note(text: string): void {
  process.stderr.write(`note: ${plain(text)}\n`);
}

function say(text: string): void {
  process.stdout.write(`${plain(text)}\n`);
}
