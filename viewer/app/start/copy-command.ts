import type { CaseRun } from '../../../runner/results/result.ts';
import type { Entry } from '../../model/rows-of-runs.ts';
import { copyText } from '../parts/copy.tsx';
import { unpackJson } from '../pieces.ts';

/** The whole of a listed case-run. */
export async function wholeRun({ run }: Pick<Entry, 'run'>): Promise<CaseRun> {
  const [piece, index] = run.whole;
  const found = (await unpackJson<CaseRun[]>(piece))[index];
  if (found === undefined) throw new Error(`the page does not hold ${run.id}`);
  return found;
}

/** Copies the command that runs a case-run again; gives what to say of it. */
export async function copyCommand(entry: Pick<Entry, 'run'>): Promise<string> {
  await copyText((await wholeRun(entry)).reproduce);
  return `copied the command of ${entry.run.id}`;
}
