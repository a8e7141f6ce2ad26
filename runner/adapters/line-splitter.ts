/** What the splitter makes of a byte stream. */
export type LineEvent =
  | { readonly type: 'line'; readonly bytes: Uint8Array }
  /** A line grew beyond the limit; the rest of it is skipped. Told once, as soon as the limit is passed. */
  | { readonly type: 'overlong'; readonly limit: number }
  /** The stream ended inside a line. */
  | { readonly type: 'half'; readonly bytes: Uint8Array };

/** Cuts a byte stream into lines. Each byte is looked at once; at most `limit` bytes are kept. */
export interface LineSplitter {
  /** The lines that this chunk completes, without their newline (`\n`, or `\r\n`). Empty lines are left out. */
  push(chunk: Uint8Array): LineEvent[];
  /** Call once, when the stream has ended. */
  end(): LineEvent[];
}

const NEWLINE = 0x0a;
const RETURN = 0x0d;

/** Makes a splitter for lines of at most `limit` bytes (newline not counted). */
export function createLineSplitter(limit: number): LineSplitter {
  let parts: Uint8Array[] = [];
  let length = 0;
  let skipping = false;

  function take(): Uint8Array {
    const whole = parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts, length);
    parts = [];
    length = 0;
    return whole.at(-1) === RETURN ? whole.subarray(0, -1) : whole;
  }

  function append(part: Uint8Array, events: LineEvent[]): void {
    if (skipping || part.length === 0) return;
    length += part.length;
    if (length > limit) {
      parts = [];
      length = 0;
      skipping = true;
      events.push({ type: 'overlong', limit });
    } else {
      parts.push(part);
    }
  }

  return {
    push(chunk) {
      const events: LineEvent[] = [];
      let start = 0;
      for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, start)) {
        append(chunk.subarray(start, at), events);
        const bytes = take();
        if (!skipping && bytes.length > 0) events.push({ type: 'line', bytes });
        skipping = false;
        start = at + 1;
      }
      append(chunk.subarray(start), events);
      return events;
    },
    end() {
      const bytes = take();
      return bytes.length > 0 ? [{ type: 'half', bytes }] : [];
    },
  };
}
