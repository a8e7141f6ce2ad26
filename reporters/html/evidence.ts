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
  const queue = inOrder(located);
  for (let first = 0; first < queue.length; first += AT_A_TIME) {
    const some = queue.slice(first, first + AT_A_TIME);
    const tried = await Promise.all(some.map((each, i) => tryPack(`e${first + i}`, each, files, used < bound)));
    // What comes first has the room, whichever was read first.
    for (const [i, { run }] of some.entries()) {
      const file = tried[i];
      if (file === undefined) {
        places.set(run, { kind: 'none' });
      } else if (file.piece !== undefined && used + file.piece.text.length <= bound) {
        used += file.piece.text.length;
        pieces.push(file.piece);
        places.set(run, { kind: 'embedded', piece: file.piece.id, form: file.form });
      } else {
        leftOut.count += 1;
        leftOut.bytes += file.bytes;
        places.set(run, { kind: 'left-out', path: file.path, bytes: file.bytes });
      }
    }
  }
  return { pieces, places, leftOut };
}

/** The file that shows most of a run; undefined: there is none. */
interface Tried {
  readonly form: 'trace' | 'bundle';
  readonly path: string;
  readonly bytes: number;
  /** Undefined where it was not tried, for want of room or because it is gigantic. */
  readonly piece: Piece | undefined;
}

async function tryPack(id: string, { run, folder }: Located, files: EvidenceFiles, isRoom: boolean): Promise<Tried | undefined> {
  const named = run.bundle ?? run.trace;
  if (named === undefined) return undefined;
  const path = join(folder, named);
  const bytes = await files.size(path);
  if (bytes === undefined) return undefined;
  const piece = isRoom && bytes <= LONGEST_FILE ? await pack(id, await files.read(path)) : undefined;
  return { form: run.bundle === undefined ? 'trace' : 'bundle', path, bytes, piece };
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
