import type { Glossary, Results } from '../../runner/results/result.ts';
import { INDEX_PIECE, type Page, type PageSet, type Sources } from '../../viewer/page.ts';
import { EVIDENCE_BOUND, type EvidenceFiles, type PackedEvidence, packEvidence } from './evidence.ts';
import { listed, talliesOf } from './listed.ts';
import { type Piece, packJson } from './pieces.ts';
import { shell, type ViewerAssets } from './shell.ts';

/** Results with the folder that they lie in. */
export interface SetOfResults {
  readonly results: Results;
  /** As a command line takes it. */
  readonly folder: string;
  /** Tells it from another of the same implementation. */
  readonly label?: string;
}

/** What a page is made with. */
export interface PageMaking {
  readonly assets: ViewerAssets;
  readonly files: EvidenceFiles;
  /** Most characters that traces may take. */
  readonly bound?: number;
  /** The comparison of two sets, where the page is one. */
  readonly changes?: Page['changes'];
}

/** Case-runs of which the whole is in one piece: opening a case unpacks so many. */
const RUNS_A_PIECE = 40;

const NO_WORDS: Glossary = { title: '', requirements: {}, variations: {}, cases: {}, files: {} };

/** The HTML of a report over one or more sets of results, in parts to be written one after another. */
export async function pageOf(
  sets: readonly SetOfResults[],
  { assets, files, bound = EVIDENCE_BOUND, changes }: PageMaking,
): Promise<Iterable<string>> {
  const located = sets.flatMap(({ results, folder }) => results.runs.map((run) => ({ run, folder })));
  const evidence = await packEvidence(located, files, bound);
  const packed = await Promise.all(sets.map((set, i) => packSet(set, `s${i}`, evidence)));
  const { count, bytes } = evidence.leftOut;
  const page: Page = {
    sets: packed.map(({ set }) => set),
    ...(count === 0 ? {} : { leftOut: { count, bytes, bound } }),
    ...(changes === undefined ? {} : { changes }),
  };
  const pieces = [await packJson(INDEX_PIECE, page), ...packed.flatMap(({ pieces }) => pieces), ...evidence.pieces];
  return shell(`Weir: ${page.sets.map(({ label }) => label).join(', ')}`, pieces, assets);
}

async function packSet(
  { results, folder, label }: SetOfResults,
  name: string,
  { places }: PackedEvidence,
): Promise<{ readonly set: PageSet; readonly pieces: readonly Piece[] }> {
  const { runs, glossary = NO_WORDS, known: _, greenBefore: __, ...rest } = results;
  const { title, requirements, variations, cases, files, masked } = glossary;
  const sources: Sources = { cases, files, ...(masked === undefined ? {} : { masked }) };
  const hasSources = Object.keys(cases).length > 0;
  const pieceOf = (index: number): string => `${name}r${Math.floor(index / RUNS_A_PIECE)}`;
  const wholes = Array.from({ length: Math.ceil(runs.length / RUNS_A_PIECE) }, (_each, i) =>
    packJson(`${name}r${i}`, runs.slice(i * RUNS_A_PIECE, (i + 1) * RUNS_A_PIECE)),
  );
  const pieces = await Promise.all([...(hasSources ? [packJson(`${name}sources`, sources)] : []), ...wholes]);
  const set: PageSet = {
    label: label ?? labelOf(results),
    folder,
    results: rest,
    words: { title: title || results.protocol, requirements, variations },
    ...(hasSources ? { sources: `${name}sources` } : {}),
    tallies: talliesOf(runs),
    runs: runs.map((run, i) => listed(run, [pieceOf(i), i % RUNS_A_PIECE], places.get(run) ?? { kind: 'none' })),
  };
  return { set, pieces };
}

/** Whose results they are, for people. */
export function labelOf({ implementation }: Pick<Results, 'implementation'>): string {
  return implementation === undefined ? 'reference pair' : `${implementation.name} ${implementation.version}`;
}
