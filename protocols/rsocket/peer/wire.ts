/** One connection as a session writes on it: whole frames, and what a script puts below them. */
export interface Wire {
  /** The bytes of one frame. */
  send(bytes: Uint8Array): void;
  /** Says that this end is done. */
  close(): void;
  /** Gives the connection up at once. */
  abort(): void;
}
