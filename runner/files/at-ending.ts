/** The part of Node's `process` that is needed. */
export type EndingHost = Pick<NodeJS.Process, 'on' | 'off' | 'kill' | 'pid' | 'listenerCount'>;

/** Signals that end the runner. */
export const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Has something done where this process ends before the answer is called: as it exits, and as a signal ends it that nobody else takes.
 * It must be done at once. For what is short, and waits: a process that computes without a pause would not hear the signal.
 */
export function atEnding(host: EndingHost, act: () => void): () => void {
  const take = ENDING_SIGNALS.map((signal) => {
    const handle = (): void => {
      // Whoever takes signals as well decides what becomes of this process.
      if (host.listenerCount(signal) > 1) return;
      act();
      forget();
      host.kill(host.pid, signal);
    };
    host.on(signal, handle);
    return { signal, handle };
  });
  host.on('exit', act);
  function forget(): void {
    host.off('exit', act);
    for (const { signal, handle } of take) host.off(signal, handle);
  }
  return forget;
}
