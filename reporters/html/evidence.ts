import { join } from 'node:path';
import type { CaseRun } from '../../runner/results/result.ts';
import type { EvidencePlace } from '../../viewer/page.ts';
import { type Piece, pack } from './pieces.ts';

/** Characters that the traces of one page may take together, packed. */
export const EVIDENCE_BOUND = 11 * 1024 * 1024;

/** Bytes of a file beyond which it is not even tried. */
const LONGEST_FILE = 128 * 1024 * 1024;

/** Files that are read and packed at a time. */
const AT_A_TIME = 4;

/** How files that a run left are read; undefined where there is none. */
export interface EvidenceFiles {
  size(path: string): Promise<number | undefined>;
  read(path: string): Promise<Uint8Array>;
}

/** A case-run with the folder that its paths are relative to. */
export interface Located {
  readonly run: CaseRun;
  readonly folder: string;
}

/** The traces of a page: pieces, and where each case-run's are. */
export interface PackedEvidence {
  readonly pieces: readonly Piece[];
  readonly places: ReadonlyMap<CaseRun, EvidencePlace>;
  readonly leftOut: { readonly count: number; readonly bytes: number };
}

/** Packs bundles, or traces where there is no bundle, the most telling first, until `bound` is reached. */
export async function packEvidence(located: readonly Located[], files: EvidenceFiles, bound = EVIDENCE_BOUND): Promise<PackedEvidence> {
  const places = new Map<CaseRun, EvidencePlace>();
  const pieces: Piece[] = [];
  const leftOut = { count: 0, bytes: 0 };
  let used = 0;
  const queue = inOrder(located).entries();
  const packOne = async (id: string, { run, folder }: Located): Promise<void> => {
    const form = run.bundle === undefined ? 'trace' : 'bundle';
    const path = run.bundle ?? run.trace;
    const bytes = path === undefined ? undefined : await files.size(join(folder, path));
    if (path === undefined || bytes === undefined) return void places.set(run, { kind: 'none' });
    if (bytes <= LONGEST_FILE && used < bound) {
      const piece = await pack(id, await files.read(join(folder, path)));
      if (used + piece.text.length <= bound) {
        used += piece.text.length;
        pieces.push(piece);
        return void places.set(run, { kind: 'embedded', piece: piece.id, form });
      }
    }
    leftOut.count += 1;
    leftOut.bytes += bytes;
    places.set(run, { kind: 'left-out', path: join(folder, path), bytes });
  };
  const worker = async (): Promise<void> => {
    for (let next = queue.next(); next.done !== true; next = queue.next()) await packOne(`e${next.value[0]}`, next.value[1]);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  return { pieces, places, leftOut };
}

/** News before what is known, one of each cause before its repetitions, what passed last. */
function inOrder(located: readonly Located[]): Located[] {
  const seen = new Set<string>();
  const weigh = ({ run }: Located): number => {
    if (run.verdict === 'pass') return 4;
    const cause = `${run.verdict} ${run.findings[0]?.fingerprint ?? ''}`;
    const repeated = seen.has(cause);
    seen.add(cause);
    return (run.expected === 'known-failure' ? 2 : 0) + (repeated ? 1 : 0);
  };
  return located
    .map((each) => ({ each, weight: weigh(each) }))
    .sort((a, b) => a.weight - b.weight)
    .map(({ each }) => each);
}
