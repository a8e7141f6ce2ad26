import { fork } from 'node:child_process';

/** What became of one enlarged case, golden run and judging included. */
export interface GrownRun {
  readonly verdict: string;
  /** The first finding, where there is one. */
  readonly message: string | undefined;
  /** Frames that both ends sent. */
  readonly frames: number;
  readonly ms: number;
  /** Largest resident set of its process. */
  readonly peakMiB: number;
}

/** A case that is made larger, and how much. */
export interface Growth {
  /** What grows: `streams`, `MiB in a frame`. */
  readonly what: string;
  /** The case, as a path inside the corpus of the protocol. */
  readonly path: string;
  /** How much of it the case itself has. */
  readonly base: number;
  readonly factors: readonly number[];
}

/** One size that was run. */
export interface Grown extends GrownRun {
  readonly what: string;
  readonly size: number;
}

/** Runs an enlarged case in a process of its own. Rejects where that process fails. */
export async function grow(protocol: string, binding: string, { what, path, base, factors }: Growth): Promise<readonly Grown[]> {
  const grown: Grown[] = [];
  for (const factor of factors) {
    const child = fork(new URL('./run-process.js', import.meta.url), [protocol, path, String(factor), 'simulated', binding]);
    const run = await new Promise<GrownRun>((resolve, reject) => {
      child.once('message', (message) => resolve(message as GrownRun));
      child.once('exit', (code) => reject(new Error(`${path} \u00d7 ${factor} ended with code ${code}`)));
    });
    grown.push({ what, size: base * factor, ...run });
  }
  return grown;
}
