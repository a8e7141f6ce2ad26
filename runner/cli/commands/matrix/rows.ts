import { join } from 'node:path';
import type { Choice } from '../../../matrix/choice.ts';
import { type Subject, subjectsOf } from '../../../matrix/subjects.ts';
import { packageRoot, packageVersion } from '../../../package-root.ts';
import { UsageError } from '../../exit.ts';
import type { MatrixOptions } from './options.ts';

/**
 * The rows of a protocol's matrix, and the implementations whose pairs are run: what is said here and now goes before what a file says.
 * Throws a `UsageError` for a name of none.
 */
export function rowsOf(
  protocol: string,
  { implementation, only }: Pick<MatrixOptions, 'implementation' | 'only'>,
  choice: Choice | undefined,
): { readonly subjects: Subject[]; readonly ends: Subject[] } {
  const search = { builtin: join(packageRoot(), 'implementations'), cwd: process.cwd(), others: implementation };
  const all = subjectsOf(protocol, packageVersion(), search);
  const subjects = only.length > 0 || choice === undefined ? chosen(all, only) : onlyThose(all, choice.rows);
  const ends = choice?.pairs === undefined ? [] : onlyThose(all, choice.pairs.rows).filter(({ reference }) => !reference);
  return { subjects, ends };
}

/** The reference pair, and the rows that `--only` names; without it all. Throws a `UsageError` for a name of none. */
function chosen(subjects: readonly Subject[], only: readonly string[]): Subject[] {
  return only.length === 0 ? [...subjects] : onlyThose(subjects, only);
}

/** The reference pair, and the rows that are named. Throws a `UsageError` for a name of none. */
function onlyThose(subjects: readonly Subject[], only: readonly string[]): Subject[] {
  const names = (subject: Subject, wanted: string): boolean => subject.id === wanted || subject.name === wanted;
  const stray = only.find((wanted) => !subjects.some((subject) => names(subject, wanted)));
  if (stray !== undefined)
    throw new UsageError(`there is no row ${JSON.stringify(stray)}; there are ${subjects.map(({ id }) => id).join(', ')}`);
  return subjects.filter((subject) => subject.reference || only.some((wanted) => names(subject, wanted)));
}
