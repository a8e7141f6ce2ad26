/** Bytes on their way, with the time in ms at which they are taken to have set out. */
export interface Chunk {
  readonly data: Uint8Array;
  readonly since: number;
}

/** What a pipe asks for next. */
export type Wanted =
  /** The next chunk, or the end of the stream; with `within` no longer than that many ms. */
  | { readonly kind: 'take'; readonly within?: number }
  /** Time to pass, in ms. `stubborn`: nothing interrupts it. */
  | { readonly kind: 'wait'; readonly ms: number; readonly stubborn?: boolean }
  /** To pass a chunk on. */
  | { readonly kind: 'emit'; readonly chunk: Chunk };

/** What a pipe is given. `now` is in ms. */
export type Given = { readonly now: number } & (
  | { readonly kind: 'chunk'; readonly chunk: Chunk }
  /** The stream is over; every further `take` says so again. */
  | { readonly kind: 'end' }
  /** The time is over, or the chunk was passed on. */
  | { readonly kind: 'done' }
  /** The chain of toxics is about to change: pass on what is at hand and return. */
  | { readonly kind: 'interrupt' }
);

/** How a pipe ended: it closed the stream, or it was interrupted and may be started anew. */
export type PipeEnd = 'closed' | 'interrupted';

/** What one toxic does to one direction of one connection, free of clocks and sockets: it asks, and is given. */
export type Pipe = Generator<Wanted, PipeEnd, Given>;
