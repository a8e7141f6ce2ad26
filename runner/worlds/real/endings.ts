/** How to end what a stage started. */
export interface Endings {
  /** Adds what ends one thing, in time and without failing. */
  add(end: () => void | Promise<void>): void;
  begun(): boolean;
  /** Ends all of them side by side, each once; resolves when they are gone. */
  endAll(): Promise<void>;
}

/** Starts with nothing to end. */
export function startEndings(): Endings {
  const ends: (() => void | Promise<void>)[] = [];
  let ending: Promise<unknown> | undefined;
  return {
    add: (end) => ends.push(end),
    begun: () => ending !== undefined,
    async endAll() {
      ending ??= Promise.all(ends.map((end) => end()));
      await ending;
    },
  };
}
