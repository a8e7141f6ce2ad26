/** Keeps the end of a byte stream. */
export interface TailBuffer {
  push(chunk: Uint8Array): void;
  /** How many bytes came so far, for `text`. */
  readonly length: number;
  /**
   * What is kept of what came after the first `since` bytes, as text; bytes that are no UTF-8 are replaced. Begins with a note where
   * something was left out.
   */
  text(since?: number): string;
}

/** Makes a buffer for the last `limit` bytes. */
export function createTailBuffer(limit: number): TailBuffer {
  let chunks: Uint8Array[] = [];
  let kept = 0;
  let dropped = 0;

  function compact(): Buffer {
    const whole = Buffer.concat(chunks, kept);
    const tail = whole.subarray(Math.max(0, whole.length - limit));
    dropped += whole.length - tail.length;
    // Copied, so that the larger buffer behind the view can be freed.
    chunks = [Buffer.from(tail)];
    kept = tail.length;
    return tail;
  }

  return {
    push(chunk) {
      chunks.push(chunk);
      kept += chunk.length;
      if (kept > 2 * limit) compact();
    },
    get length() {
      return dropped + kept;
    },
    text(since = 0) {
      const tail = compact();
      const text = tail.subarray(Math.max(0, since - dropped)).toString('utf8');
      return dropped > since ? `[${dropped - since} bytes before this left out]\n${text}` : text;
    },
  };
}
