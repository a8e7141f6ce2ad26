import { isNews } from '../../reporters/console/news.ts';
import { areaOf } from '../../runner/results/area.ts';
import type { ListedRun, PageSet } from '../page.ts';

/** A case-run with the set that it is of, and the text that free words are looked for in. */
export interface Entry {
  readonly set: PageSet;
  readonly run: ListedRun;
  readonly area: string;
  readonly news: boolean;
  readonly haystack: string;
}

/** All case-runs of a page. */
export function entriesOf(sets: readonly PageSet[]): Entry[] {
  return sets.flatMap((set) =>
    set.runs.map((run) => {
      const [finding] = run.findings;
      const words = [run.id, run.title, finding?.message, finding?.requirement, run.knownReason, run.skipReason];
      return { set, run, area: areaOf(run.case), news: isNews(run), haystack: words.join('\n').toLowerCase() };
    }),
  );
}

/** By what the table is ordered. */
export const SORTS = ['area', 'slowest', 'verdict'] as const;
/** By what the table is ordered. */
export type Sort = (typeof SORTS)[number];

/** A row of the table: the head of an area, or a case-run. */
export type TableRow =
  | { readonly kind: 'area'; readonly area: string; readonly entries: readonly Entry[] }
  | { readonly kind: 'run'; readonly entry: Entry };

const WEIGHTS = ['fail', 'error', 'warn', 'question', 'unclear', 'pass', 'skip'] as const;

/** The rows of the table: grouped by area, or one list. Folded areas show their head alone. */
export function tableRows(entries: readonly Entry[], sort: Sort, folded: ReadonlySet<string>): TableRow[] {
  if (sort === 'slowest') return [...entries].sort((a, b) => b.run.durationMs - a.run.durationMs).map(asRow);
  if (sort === 'verdict') {
    const weight = ({ run, news }: Entry): number => (news ? 0 : 10) + WEIGHTS.indexOf(run.verdict);
    return [...entries].sort((a, b) => weight(a) - weight(b) || compare(a.run.id, b.run.id)).map(asRow);
  }
  const areas = new Map<string, Entry[]>();
  for (const entry of entries) {
    const group = areas.get(entry.area);
    if (group === undefined) areas.set(entry.area, [entry]);
    else group.push(entry);
  }
  return [...areas]
    .sort(([a], [b]) => compare(a, b))
    .flatMap(([area, group]) => [{ kind: 'area' as const, area, entries: group }, ...(folded.has(area) ? [] : ranFirst(group).map(asRow))]);
}

/** What was not run says nothing of the implementation, and comes behind what was. */
function ranFirst(entries: readonly Entry[]): Entry[] {
  const wasRun = ({ run }: Entry): boolean => run.verdict !== 'skip';
  return [...entries.filter(wasRun), ...entries.filter((entry) => !wasRun(entry))];
}

function asRow(entry: Entry): TableRow {
  return { kind: 'run', entry };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
