import { type Profiler, Session } from 'node:inspector';
import type { Place, Stretch } from './places.ts';

/** Stretches of one module with how often each ran; an inner one counts for its part of an outer one. */
export type Counted = readonly Pick<Profiler.CoverageRange, 'startOffset' | 'endOffset' | 'count'>[];

/** Says what has been reached since it was asked before. */
export interface Coverage {
  /** Ids of the places that were. */
  reached(): readonly string[];
  stop(): void;
}

/**
 * Watches places of a module that this thread has yet to import, by the engine's own count of what runs. `url` is the module's. Throws an
 * Error where the engine refuses.
 */
export function watchPlaces(url: string, places: readonly Place[]): Coverage {
  const session = new Session();
  session.connect();
  const post = <T>(method: string, parameters?: object): T => {
    let answer: { readonly error: Error | null; readonly result: unknown } | undefined;
    session.post(method, parameters, (error, result) => {
      answer = { error, result };
    });
    // Within a thread the engine answers before it returns.
    if (answer === undefined || answer.error !== null) throw new Error(`${method}: ${answer?.error?.message ?? 'no answer'}`);
    return answer.result as T;
  };
  post('Profiler.enable');
  post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  return {
    reached: () => {
      const { result } = post<Profiler.TakePreciseCoverageReturnType>('Profiler.takePreciseCoverage');
      const stretches = result.filter((script) => script.url === url).flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges));
      return [...new Set(places.filter((place) => isReached(place, stretches)).map(({ id }) => id))];
    },
    stop: () => {
      post('Profiler.stopPreciseCoverage');
      session.disconnect();
    },
  };
}

/**
 * Whether any of a place ran, or what stands right before or behind it: where something is added at the edge of a block, either side may be
 * what it is added to.
 */
export function isReached({ from, to }: Stretch, stretches: Counted): boolean {
  if (stretches.some(({ startOffset, count }) => count > 0 && startOffset >= from && startOffset <= to)) return true;
  return [from - 1, from, to - 1, to].some((position) => (innermostAt(position, stretches)?.count ?? 0) > 0);
}

function innermostAt(position: number, stretches: Counted): Counted[number] | undefined {
  let innermost: Counted[number] | undefined;
  for (const stretch of stretches) {
    if (stretch.startOffset > position || stretch.endOffset <= position) continue;
    if (innermost === undefined || stretch.endOffset - stretch.startOffset < innermost.endOffset - innermost.startOffset)
      innermost = stretch;
  }
  return innermost;
}
