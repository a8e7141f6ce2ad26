import type { Change, ChangeKind, Standing } from './grammar.ts';

/** What has become of case-runs, as the predicate of a sentence. */
export const HEADLINES: Readonly<Record<ChangeKind, string>> = {
  news: 'worse in b',
  'other-cause': 'fail by other causes in b',
  flakier: 'flakier in b',
  steadier: 'steadier in b',
  mended: 'better in b',
  'only-in-a': 'judged only in a',
  'only-in-b': 'judged only in b',
};

/** Case-runs that changed from the same to the same. */
export interface ChangeGroup {
  /** `pass → fail (expectation/X/y/z)` */
  readonly says: string;
  readonly changes: readonly Change[];
}

/** Changes of one kind by what changed to what, the largest group first. */
export function groupsOf(changes: readonly Change[]): ChangeGroup[] {
  const groups = new Map<string, Change[]>();
  for (const change of changes) {
    const says = `${said(change.a)} → ${said(change.b)}`;
    const group = groups.get(says);
    if (group === undefined) groups.set(says, [change]);
    else group.push(change);
  }
  return Array.from(groups, ([says, all]) => ({ says, changes: all })).sort((x, y) => y.changes.length - x.changes.length);
}

/** `fail (expectation/X/y/z)`, `pass 7, fail 3 (…)`, `skip (no feature)`, `not run` */
function said(standing: Standing | undefined): string {
  if (standing === undefined) return 'not run';
  const { verdicts, causes, skipReason } = standing;
  const entries = Object.entries(verdicts);
  const [only] = entries;
  const words = entries.length === 1 && only !== undefined ? only[0] : entries.map(([verdict, count]) => `${verdict} ${count}`).join(', ');
  const why = causes.length > 0 ? causes.join(', ') : skipReason;
  return why === undefined ? words : `${words} (${why})`;
}
