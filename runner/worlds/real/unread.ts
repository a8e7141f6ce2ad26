import { LONGEST_MESSAGE } from '../../../protocols/carriers/websocket/deframer.ts';

/** Bytes that may wait for an end that does not read them: the longest message, and room for others beside it. */
export const MOST_UNREAD = LONGEST_MESSAGE + 64 * 1024 * 1024;

/** Writes that may wait likewise: small ones take twenty times their bytes. More than any one step of a case asks for. */
export const MOST_WRITES = 2 ** 20;

/** What is written to. */
export interface Written {
  /** Bytes that were given to it and not yet to the system. */
  waiting(): number;
  /** Ends it at once; it may still be written to, which does nothing. */
  abort(): void;
}

/**
 * Holds what waits for an end that does not read within bounds: a peer that asks and asks and never reads the answers would take all
 * the memory of this process. Gives what is to be called before each write, with how many bytes it has: false where nothing is written
 * any more, since the connection was ended; and what each write calls once it is done.
 */
export function boundUnread({ waiting, abort }: Written): { mayWrite(): boolean; readonly done: () => void } {
  let writes = 0;
  let over = false;
  return {
    mayWrite() {
      if (over) return false;
      over = writes >= MOST_WRITES || waiting() > MOST_UNREAD;
      if (over) abort();
      else writes += 1;
      return !over;
    },
    done: () => {
      writes -= 1;
    },
  };
}
