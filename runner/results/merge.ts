import { totalsOf } from './assemble.ts';
import type { CaseRun, Glossary, Results } from './result.ts';

/**
 * Puts the results of shards together. Throws an Error when they do not belong together: another protocol, version,
 * implementation or world, a case-run in two of them, or a shard that is missing, there twice or none of theirs.
 */
export function mergeResults(parts: readonly Results[]): Results {
  const [first, ...others] = parts;
  if (first === undefined) throw new Error('there is nothing to merge');
  for (const other of others) {
    for (const field of ['protocol', 'weir', 'world', 'timeScale'] as const) {
      if (other[field] !== first[field])
        throw new Error(`the results differ in ${field}: ${String(first[field])} and ${String(other[field])}`);
    }
    if (other.shard?.count !== first.shard?.count) {
      throw new Error(`the results are of runs that were shared out differently: ${partsOf(first)} and ${partsOf(other)}`);
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
  const missing = missingShards(parts);
  if (missing !== undefined) throw new Error(missing);
  const ordered = [...runs.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const warnings = parts.flatMap((part) => part.warnings ?? []);
  const { shard: _, known: __, greenBefore: ___, glossary: ____, ...common } = first;
  return {
    ...common,
    startedAt: parts.map((part) => part.startedAt).sort()[0] ?? first.startedAt,
    durationMs: Math.max(...parts.map((part) => part.durationMs)),
    ...totalsOf(ordered, first.score?.set),
    ...(warnings.length === 0 ? {} : { warnings }),
    ...glossaryOf(parts),
    runs: ordered,
  };
}

/** The words of all parts: each has those of its own cases. */
function glossaryOf(parts: readonly Results[]): Pick<Results, 'glossary'> {
  const glossaries = parts.flatMap(({ glossary }) => glossary ?? []);
  const [first] = glossaries;
  if (first === undefined) return {};
  const all = <K extends 'cases' | 'files'>(key: K): [string, Glossary[K][string]][] =>
    glossaries.flatMap((each) => Object.entries(each[key]) as [string, Glossary[K][string]][]);
  const masked = [...new Set(glossaries.flatMap((each) => each.masked ?? []))];
  return {
    glossary: {
      ...first,
      cases: Object.fromEntries(all('cases')),
      files: Object.fromEntries(all('files')),
      ...(masked.length === 0 ? {} : { masked }),
    },
  };
}

/** Most missing shards that are named. */
const MOST_NAMED = 5;

/** Which shards are not there, or are no shards of these, in words; undefined where nothing is wrong, or the parts are no shards. */
function missingShards(parts: readonly Pick<Results, 'shard'>[]): string | undefined {
  const shards = parts.flatMap(({ shard }) => shard ?? []);
  const count = shards[0]?.count ?? 0;
  const there = new Set<number>();
  for (const { index } of shards) {
    if (index > count) throw new Error(`there is no shard ${index} of ${count}`);
    if (there.has(index)) throw new Error(`the results of shard ${index} of ${count} are there twice`);
    there.add(index);
  }
  // The count is what somebody's file says: nothing is as long as that.
  const missing = count - there.size;
  if (missing === 0) return undefined;
  const named: number[] = [];
  for (let index = 1; named.length < Math.min(missing, MOST_NAMED); index += 1) if (!there.has(index)) named.push(index);
  const shown = `${named.join(', ')}${missing > MOST_NAMED ? ', …' : ''} of ${count}`;
  return missing === 1 ? `the results of shard ${shown} are missing` : `the results of ${missing} shards are missing: ${shown}`;
}

function partsOf({ shard }: Pick<Results, 'shard'>): string {
  return shard === undefined ? 'a whole' : `one of ${shard.count} parts`;
}
