import type { TraceEvent } from './trace.ts';

/** Knows where faults struck, so that a silence is not blamed on an end that the network silenced. */
export interface QuietSince {
  observe(event: TraceEvent): void;
  /** True where no fault has touched the connection since event `n`. */
  since(connection: number, n: number): boolean;
  /** The newest event. */
  now(): { readonly n: number; readonly t: number };
}

/** Starts watching. */
export function quietSince(): QuietSince {
  const faults = new Map<number, number>();
  let anywhere = -1;
  let last = { n: 0, t: 0 };
  return {
    observe: (event) => {
      last = { n: event.n, t: event.t };
      if (event.type === 'delivered' && event.altered) faults.set(event.connection, event.n);
      if (event.type !== 'fault') return;
      // A toxic stands behind the tap: what it does to a frame, and when it stops doing so, no event says.
      if (event.what.startsWith('toxic:')) anywhere = Number.POSITIVE_INFINITY;
      else if (event.connection === undefined) anywhere = event.n;
      else faults.set(event.connection, event.n);
    },
    since: (connection, n) => n >= anywhere && n >= (faults.get(connection) ?? -1),
    now: () => last,
  };
}
