import { watchLoop } from './loop-watch.ts';

/** How the signals that ask a run to end are dealt with. */
export interface Interrupt {
  /** Whether there was a first signal after `begin`. */
  stopped(): boolean;
  /** The exit code after it, as shells have it: 130 after Ctrl-C, 143 after SIGTERM, 129 after SIGHUP. */
  exitCode(): number;
  /** From now on the first signal lets what is under way finish; until now it ended at once. `lastWill` is called with it. */
  begin(lastWill?: () => void): void;
  /**
   * All that is left takes a bounded time, as reports do: its turns may be long, and signals wait for their ends. Nobody reaches into them, for
   * a debugger that did aborted Node now and then.
   */
  settled(): void;
  /** Leaves the signals to others again. */
  forget(): void;
}

/** Signals that ask a run to end, and the exit code that each means. */
const CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
/** One of them. */
export type EndingSignal = keyof typeof CODES;

/** Whether an exit code says that a signal ended the run. */
export function isInterruption(code: number): boolean {
  return Object.values(CODES).some((each) => each === code);
}

/** The first signal that asks a command to end which goes on until then. After it, or `forget`, the system deals with the next ones. */
export interface Ending {
  readonly over: Promise<EndingSignal>;
  /** Aborts with that signal. */
  readonly stop: AbortSignal;
  /** The exit code that it means; 0 where there was none. */
  exitCode(): number;
  forget(): void;
  /** Takes them again after `forget`. */
  take(): void;
}

/** Waits for such a signal. A second one, whichever it is, ends the process at once. */
export function awaitEnding(host: Pick<NodeJS.Process, 'on' | 'off'>): Ending {
  const stop = new AbortController();
  let first: EndingSignal | undefined;
  let heard = (_signal: EndingSignal): void => {};
  const over = new Promise<EndingSignal>((resolve) => {
    heard = resolve;
  });
  const handlers = (Object.keys(CODES) as EndingSignal[]).map((signal) => ({
    signal,
    handle(): void {
      first = signal;
      stop.abort();
      heard(signal);
      // Whoever ends children with this process ends it too where nobody else listens, and is heard in the same turn.
      setImmediate(forget);
    },
  }));
  function forget(): void {
    for (const { signal, handle } of handlers) host.off(signal, handle);
  }
  function take(): void {
    for (const { signal, handle } of handlers) host.on(signal, handle);
  }
  take();
  return { over, stop: stop.signal, exitCode: () => (first === undefined ? 0 : CODES[first]), forget, take };
}

/**
 * The same of a command that answers whoever asks: what somebody asks may be so much that it computes without a pause, and could not
 * hear a signal. While it does, the system deals with them, and ends the process.
 */
export function awaitEndingOfServer(host: Pick<NodeJS.Process, 'on' | 'off'>): Ending {
  const ending = awaitEnding(host);
  const watch = watchLoop({
    begins: ending.forget,
    ends() {
      if (!ending.stop.aborted) ending.take();
    },
  });
  void ending.over.then(() => watch.close());
  return ending;
}

/** The part of Node's `process` that is needed. */
export type Host = Pick<NodeJS.Process, 'on' | 'off' | 'exit'>;

/**
 * Takes the signals over. The terminal's SIGINT reaches only the runner, since adapters are in process groups of their own; they are
 * killed when it exits. After the first signal the system deals with the next one, and ends the process whatever it is doing; that
 * is what `lastWill` provides for. A process that computes without a pause could not even hear the first: while it does, the system
 * deals with all of them. `tell` gets what to say to the person who sent it.
 */
export function takeInterrupts(host: Host, tell: (text: string) => void): Interrupt {
  let first: EndingSignal | undefined;
  let begun = false;
  let provide = (): void => {};
  const handlers = (Object.keys(CODES) as EndingSignal[]).map((signal) => {
    const handle = (): void => {
      if (!begun) host.exit(CODES[signal]);
      first = signal;
      forget();
      provide();
      const again = signal === 'SIGINT' ? 'press Ctrl-C again' : `send ${signal} again`;
      tell(`\nstopping after the case-runs under way; ${again} to end at once\n`);
    };
    return { signal, handle };
  });
  function take(): void {
    for (const { signal, handle } of handlers) host.on(signal, handle);
  }
  function leaveToTheSystem(): void {
    for (const { signal, handle } of handlers) host.off(signal, handle);
  }
  take();
  const watch = watchLoop({
    begins() {
      if (first !== undefined) return;
      leaveToTheSystem();
      provide();
    },
    ends() {
      if (first === undefined) take();
    },
  });
  function forget(): void {
    watch.close();
    leaveToTheSystem();
  }
  return {
    stopped: () => first !== undefined,
    exitCode: () => CODES[first ?? 'SIGINT'],
    begin(lastWill = () => {}) {
      provide = lastWill;
      begun = true;
    },
    settled: () => watch.close(),
    forget,
  };
}
