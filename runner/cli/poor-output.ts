import { adviceFor } from '../worlds/run-errors.ts';

/** What of a process is written to. */
type Streams = Pick<NodeJS.Process, 'stdout' | 'stderr'>;

/**
 * Lets a command go on when nobody reads what it says any more (`weir run | head`), or the disk that it goes to is full: the reports
 * and the exit code are still wanted. That the disk is full is said once, on the other stream. Gives whether that happened to standard output.
 */
export function survivePoorOutput({ stdout, stderr }: Streams): () => boolean {
  let isLost = false;
  for (const [stream, other, name] of [
    [stdout, stderr, 'standard output'],
    [stderr, stdout, 'standard error'],
  ] as const) {
    let said = false;
    const survive = (error: unknown): void => {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      const advice = adviceFor(code);
      if (code !== 'EPIPE' && advice === undefined) throw error;
      if (advice === undefined || said) return;
      said = true;
      if (stream === stdout) isLost = true;
      other.write(`cannot write to ${name} (${String(code)}): ${advice}\n`);
    };
    stream.on('error', survive);
    // What goes to a file is written at once, and throws at once.
    const write = stream.write.bind(stream) as (...args: readonly unknown[]) => boolean;
    const surviving = (...args: readonly unknown[]): boolean => {
      try {
        return write(...args);
      } catch (error) {
        survive(error);
        return true;
      }
    };
    stream.write = surviving as typeof stream.write;
  }
  return () => isLost;
}
