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

/** A case of which there may be more. */
export interface Growth {
  /** What grows: `streams`, `MiB in a frame`. */
  readonly what: string;
  readonly protocol: string;
  readonly binding: string;
  /** The text of the case with so much of it. */
  readonly text: (size: number) => string;
  /** How much of it is tried. */
  readonly sizes: readonly number[];
}

/** Sizes from one up to another: it, a quarter, a half and the whole of the other. A quick run stays far below. */
export function sizesOf(from: number, to: number, quick: boolean): readonly number[] {
  const largest = to / from;
  const most = quick ? Math.ceil(largest / 25) : largest;
  return [...new Set([1, Math.ceil(most / 4), Math.ceil(most / 2), most])].map((factor) => Math.round(factor * from));
}

/** One size that was run. */
export interface Grown extends GrownRun {
  readonly what: string;
  readonly size: number;
}

/** Runs a case with more and more of it, each in a process of its own. Rejects where such a process fails. */
export async function grow({ what, protocol, binding, text, sizes }: Growth): Promise<readonly Grown[]> {
  const grown: Grown[] = [];
  for (const size of sizes) {
    const child = fork(new URL('./run-process.js', import.meta.url), [protocol, text(size), 'simulated', binding]);
    const run = await new Promise<GrownRun>((resolve, reject) => {
      child.once('message', (message) => resolve(message as GrownRun));
      child.once('exit', (code) => reject(new Error(`${size} ${what}: the process ended with code ${code}`)));
    });
    grown.push({ what, size, ...run });
  }
  return grown;
}
