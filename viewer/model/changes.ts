import { CHANGES, type Change, type ChangeKind, type ResultsReport } from '../../runner/compare/grammar.ts';
import { type ChangeGroup, groupsOf, HEADLINES } from '../../runner/compare/words.ts';
import { count } from './text.ts';

/** Changes of one kind. */
export interface ChangeSection {
  readonly kind: ChangeKind;
  /** `3 case-runs worse in b` */
  readonly says: string;
  readonly groups: readonly ChangeGroup[];
}

/** The changes that a filter leaves, by kind, the gravest first. Words are looked for in ids, titles, causes and messages; `change:news` chooses. */
export function sectionsOf({ changes }: ResultsReport, filter: string): ChangeSection[] {
  const terms = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const kinds = terms.flatMap((term) => (term.startsWith('change:') ? [term.slice('change:'.length)] : []));
  const words = terms.filter((term) => !term.startsWith('change:'));
  const shown = changes.filter(
    (change) => (kinds.length === 0 || kinds.includes(change.kind)) && words.every((word) => textOf(change).includes(word)),
  );
  return CHANGES.flatMap((kind) => {
    const of = shown.filter((change) => change.kind === kind);
    return of.length === 0 ? [] : [{ kind, says: `${count(of.length, 'case-run')} ${HEADLINES[kind]}`, groups: groupsOf(of) }];
  });
}

function textOf({ id, title, a, b }: Change): string {
  return [id, title, ...[a, b].flatMap((standing) => [standing?.message, standing?.requirement, ...(standing?.causes ?? [])])]
    .join('\n')
    .toLowerCase();
}

/** What has come of it all, in one sentence. */
export function verdictOfChanges({ counts, same }: ResultsReport): string {
  const parts = CHANGES.flatMap((kind) => {
    const of = counts[kind] ?? 0;
    return of === 0 ? [] : [`${count(of, 'case-run')} ${HEADLINES[kind]}`];
  });
  if (parts.length === 0) return `All ${count(same, 'case-run')} are the same`;
  return parts.slice(0, 2).join(', ');
}

/** The marks of what has become of case-runs, as those of verdicts. */
export const CHANGE_MARKS: Readonly<Record<ChangeKind, readonly [shape: string, verdict: string]>> = {
  news: ['✕', 'fail'],
  'other-cause': ['✕', 'fail'],
  flakier: ['▲', 'warn'],
  steadier: ['●', 'pass'],
  mended: ['●', 'pass'],
  'only-in-a': ['–', 'skip'],
  'only-in-b': ['–', 'skip'],
};

/** What has become of case-runs, in a word or two. */
export const CHANGE_WORDS: Readonly<Record<ChangeKind, string>> = {
  news: 'worse',
  'other-cause': 'other cause',
  flakier: 'flakier',
  steadier: 'steadier',
  mended: 'better',
  'only-in-a': 'only in a',
  'only-in-b': 'only in b',
};
