/** A number of places, given out in the order they were asked for. */
export interface Slots {
  /** Waits for a place; gives the function that frees it again. */
  take(): Promise<() => void>;
}

/** Makes `count` free places. */
export function createSlots(count: number): Slots {
  const waiting: (() => void)[] = [];
  let free = count;
  const release = (): void => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  return {
    async take() {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      let released = false;
      return () => {
        if (!released) release();
        released = true;
      };
    },
  };
}
