import type { LoadedCase } from '../cases/case.ts';
import { LONG } from '../plan/select.ts';

/** What a patched peer is about, as far as it says. */
export interface Subject {
  readonly requirements: readonly string[];
  /** `client-cancel`: of the client, in the cases' area `cancel`. */
  readonly area: string;
}

/**
 * The runs case by case, those first that are likeliest to notice a patched peer: of cases that name one of its
 * requirements, then of those of its area, then of the rest; of the shorter ones first among equals, and last what takes long.
 */
export function nearestFirst<T extends { readonly case: Pick<LoadedCase, 'id' | 'requirements' | 'steps' | 'tags'> }>(
  runs: readonly T[],
  { requirements, area }: Subject,
): T[][] {
  const distance = ({ case: loaded }: T): number => {
    if (loaded.requirements.some((id) => requirements.includes(id))) return 0;
    return loaded.id.split('/')[1] === area.replace(/^(client|server)-/, '') ? 1 : 2;
  };
  const length = ({ case: { steps, tags } }: T): number => (tags.includes(LONG) ? Number.POSITIVE_INFINITY : steps.length);
  const cases = new Map<string, { readonly runs: T[]; readonly distance: number; readonly length: number }>();
  for (const run of runs) {
    const known = cases.get(run.case.id);
    if (known === undefined) cases.set(run.case.id, { runs: [run], distance: distance(run), length: length(run) });
    else known.runs.push(run);
  }
  return [...cases.values()]
    .sort((a, b) => a.distance - b.distance || (a.length === b.length ? 0 : a.length - b.length))
    .map(({ runs: own }) => own);
}
