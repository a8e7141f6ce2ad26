/** Which messages: of usual length, or of a mebibyte. */
export type Size = 'message' | 'large';

/** What is sent through a proxy and comes back. What is in it does not matter to a proxy. */
export interface Traffic {
  /** Sends messages one after the other, each when the last one has come back. µs from sending to receiving of each. */
  pingPong(port: number, times: number): Promise<readonly number[]>;
  /** Messages a second that come back where many of them are under way all the time. */
  flood(port: number, size: Size, times: number): Promise<number>;
}
