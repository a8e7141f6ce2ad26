import type { LoadedCase } from '../cases/case.ts';
import { LONG } from '../plan/select.ts';

/** What a patched peer is about, as far as it says. */
export interface Subject {
  /** `server-takes-a-number-for-seq`: cases whose ids have words of it are likely to notice. */
  readonly name: string;
  readonly requirements: readonly string[];
  /** `client-cancel`: of the client, in the cases' area `cancel`. */
  readonly area: string;
  /** Id of a case that is known to notice it. */
  readonly noticedBy?: string | undefined;
}

/** What a run is of, as far as its turn hangs on it. */
export interface OfCase {
  readonly case: Pick<LoadedCase, 'id' | 'requirements' | 'steps' | 'tags'>;
}

/** The runs of one case, and the words of its id. */
interface Unit<T> {
  readonly runs: T[];
  readonly words: ReadonlySet<string>;
  readonly area: string | undefined;
  /** What the length of the case counts. */
  readonly length: number;
}

/** Runs by case; made once for many peers. */
export interface Units<T> {
  readonly units: readonly Unit<T>[];
  /** How much a word tells: the more, the fewer cases have it. */
  readonly weights: ReadonlyMap<string, number>;
}

/**
 * What a requirement in common, or the area, is worth beside common words, and what twice as many steps cost. As it was found for the
 * mutants of River, which a fifth of the case-runs then notices that the order without words took.
 */
const WORTH = { requirement: 8, area: 4, doubling: 0.5 };

/** Steps that a case which takes long counts for. */
const STEPS_OF_LONG = 2 ** 16;

/** Puts the runs of a case together. */
export function unitsOf<T extends OfCase>(runs: readonly T[]): Units<T> {
  const cases = new Map<string, Unit<T>>();
  const counts = new Map<string, number>();
  for (const run of runs) {
    const known = cases.get(run.case.id);
    if (known !== undefined) {
      known.runs.push(run);
      continue;
    }
    // All ids begin with the protocol.
    const words = wordsOf(run.case.id.slice(run.case.id.indexOf('/') + 1));
    const { id, tags, steps } = run.case;
    const length = -WORTH.doubling * Math.log2(1 + (tags.includes(LONG) ? STEPS_OF_LONG : steps.length));
    cases.set(run.case.id, { runs: [run], words, area: id.split('/')[1], length });
    for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const weights = new Map([...counts].map(([word, count]) => [word, Math.log(cases.size / count)]));
  return { units: [...cases.values()], weights };
}

/**
 * The runs case by case, those first that are likeliest to notice a patched peer: of the case that is known to; whose ids have words of its
 * name that few others have, that name one of its requirements, that are of its area; and the shorter ones before the longer.
 */
export function nearestFirst<T extends OfCase>({ units, weights }: Units<T>, { name, requirements, area, noticedBy }: Subject): T[][] {
  const named = [...wordsOf(name)];
  const ofArea = area.replace(/^(client|server|both)-/, '');
  const nearness = ({ runs: [run], words, area: own, length }: Unit<T>): number => {
    if (run === undefined) return 0;
    if (run.case.id === noticedBy) return Number.POSITIVE_INFINITY;
    let sum = length;
    for (const word of named) if (words.has(word)) sum += weights.get(word) ?? 0;
    if (run.case.requirements.some((each) => requirements.includes(each))) return sum + WORTH.requirement;
    return own === ofArea ? sum + WORTH.area : sum;
  };
  return units
    .map((unit) => ({ unit, nearness: nearness(unit) }))
    .sort((a, b) => b.nearness - a.nearness)
    .map(({ unit }) => unit.runs);
}

/** The words of a name or an id without their endings; single letters say nothing. */
function wordsOf(text: string): ReadonlySet<string> {
  const words = text
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  return new Set(words.filter((word) => word.length > 1).map((word) => word.replace(/ies$/, 'y').replace(/(s|es|ed|ing)$/, '')));
}
