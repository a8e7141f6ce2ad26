/** What a normalised message may follow, where a variation rule turns on it. */
export type Circumstance =
  /** The server sent it before the client's cancel of the stream had reached it. */
  | 'crossing-cancel'
  /** The client's cancel of the stream or subscription had reached the server. */
  | 'after-cancel'
  /** The same, and the stream was finished or had never been opened. */
  | 'after-late-cancel'
  /** The client had closed its side of a subscription that it opened without the closed bit. */
  | 'after-close'
  /** The client had been given a session that it did not ask for. */
  | 'after-foreign-session'
  /** All that the client had sent on the connection was undecodable. */
  | 'after-undecodable';
