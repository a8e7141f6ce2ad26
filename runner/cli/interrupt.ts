/** How Ctrl-C is dealt with while a run goes on. */
export interface Interrupt {
  /** Whether there was a first Ctrl-C after `begin`. */
  stopped(): boolean;
  /** From now on the first Ctrl-C lets what is under way finish; until now it ended at once. */
  begin(): void;
  /** Leaves Ctrl-C to others again. */
  forget(): void;
}

/** Exit code after Ctrl-C, as shells have it. */
export const INTERRUPTED = 130;

/** The part of Node's `process` that is needed. */
export type Host = Pick<NodeJS.Process, 'on' | 'off' | 'exit'>;

/**
 * Takes Ctrl-C over. The terminal's SIGINT reaches only the runner, since adapters are in process groups of their own; they are
 * killed when it exits. `tell` gets what to say to the person who pressed it.
 */
export function takeInterrupts(host: Host, tell: (text: string) => void): Interrupt {
  let stopped = false;
  let begun = false;
  const handler = (): void => {
    if (!begun || stopped) host.exit(INTERRUPTED);
    stopped = true;
    tell('\nstopping after the case-runs under way; press Ctrl-C again to end at once\n');
  };
  host.on('SIGINT', handler);
  return {
    stopped: () => stopped,
    begin() {
      begun = true;
    },
    forget: () => void host.off('SIGINT', handler),
  };
}
