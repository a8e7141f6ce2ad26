import { MOST_PIECES } from '../../../protocols/common/limits.ts';

/** Bytes that may wait for an end that does not read them: the longest message of any carrier has 256 MiB, and others stand beside it. */
export const MOST_UNREAD = 320 * 1024 * 1024;

/** What is written to. */
export interface Written {
  /** Bytes that were given to it and not yet to the system. */
  waiting(): number;
  /** Ends it at once; it may still be written to, which does nothing. */
  abort(): void;
}

/** What writing within bounds goes by. */
export interface Bound {
  /** Asked before each write: false where nothing is written any more, since the connection was ended. */
  mayWrite(): boolean;
  /** Called once a write is done. */
  readonly done: () => void;
  /** Whether the connection was ended, since too much waited. */
  isOver(): boolean;
}

/**
 * Holds what waits for an end that does not read within bounds: a peer that asks and asks and never reads the answers would take all
 * the memory of this process. Writes are counted too, since small ones take twenty times their bytes.
 */
export function boundUnread({ waiting, abort }: Written): Bound {
  let writes = 0;
  let over = false;
  return {
    mayWrite() {
      if (over) return false;
      over = writes >= MOST_PIECES || waiting() > MOST_UNREAD;
      if (over) abort();
      else writes += 1;
      return !over;
    },
    done: () => {
      writes -= 1;
    },
    isOver: () => over,
  };
}
