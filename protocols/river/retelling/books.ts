import type { RiverMessage } from '../message.ts';

/** The books that a conforming peer in the place of one end would keep of a session, read off the wire. */
export interface Books {
  /** Number of its next message. */
  seq: number;
  /** Number of the other end's next message, that is how many it has taken. */
  ack: number;
  /** What it has taken when: the latest last. */
  readonly taken: { readonly t: number; readonly ack: number }[];
  /** Number below which the other end has acknowledged everything. */
  acknowledged: number;
  /** What it has said: id → number. */
  readonly said: Map<string, number>;
  last: { readonly seq: number; readonly id: string } | undefined;
}

/** Books of a session that begins. */
export function newBooks(): Books {
  return { seq: 0, ack: 0, taken: [], acknowledged: 0, said: new Map(), last: undefined };
}

/** Enters what the other end's message says, delivered at `t` ms. */
export function take(books: Books, { seq, ack }: Pick<RiverMessage, 'seq' | 'ack'>, t: number): void {
  if (seq !== books.ack) return;
  books.ack += 1;
  books.acknowledged = Math.max(books.acknowledged, Math.min(ack, books.seq));
  books.taken.push({ t, ack: books.ack });
}

/** How much later than it was delivered an end may have taken a message, ms: it was under way when the next went out. */
const UNDER_WAY_MS = 60;

/** Whether an acknowledgement is one that a conforming peer may send at `t` ms. */
export function mayAcknowledge(books: Books, ack: number, t: number): boolean {
  if (ack === books.ack) return true;
  if (ack > books.ack) return false;
  const least = books.taken.findLast((each) => each.t <= t - UNDER_WAY_MS)?.ack ?? 0;
  return ack >= least;
}
