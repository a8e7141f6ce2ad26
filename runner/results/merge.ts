import { totalsOf } from './assemble.ts';
import type { CaseRun, Results } from './result.ts';

/**
 * Puts the results of shards together. Throws an Error when they do not belong together: another protocol, version,
 * implementation or world, or a case-run in two of them.
 */
export function mergeResults(parts: readonly Results[]): Results {
  const [first, ...others] = parts;
  if (first === undefined) throw new Error('there is nothing to merge');
  for (const other of others) {
    for (const field of ['protocol', 'weir', 'world', 'timeScale'] as const) {
      if (other[field] !== first[field])
        throw new Error(`the results differ in ${field}: ${String(first[field])} and ${String(other[field])}`);
    }
    if (other.score?.set !== first.score?.set) throw new Error('the results are scored against different sets');
    const [a, b] = [first.implementation, other.implementation].map((end) =>
      end === undefined ? 'the reference pair' : `${end.name} ${end.version}`,
    );
    if (a !== b) throw new Error(`the results are of different implementations: ${a} and ${b}`);
  }
  const runs = new Map<string, CaseRun>();
  for (const run of parts.flatMap((part) => part.runs)) {
    if (runs.has(run.id)) throw new Error(`${run.id} is in more than one of the results`);
    runs.set(run.id, run);
  }
  const ordered = [...runs.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const warnings = parts.flatMap((part) => part.warnings ?? []);
  return {
    ...first,
    startedAt: parts.map((part) => part.startedAt).sort()[0] ?? first.startedAt,
    durationMs: Math.max(...parts.map((part) => part.durationMs)),
    ...totalsOf(ordered, first.score?.set),
    ...(warnings.length === 0 ? {} : { warnings }),
    runs: ordered,
  };
}
