import { bodyLength, type Role } from '../../protocols/common/frame.ts';
import type { Trace } from '../../protocols/common/trace.ts';

/** What an end may send in a run before anybody asks whether it had to. */
const FREE = { frames: 200, bytes: 4 * 2 ** 20 };

/** How many times as much as the reference peer it may send beyond that. */
const TIMES = 8;

/** What a run saw of its ends. */
export interface Burden {
  readonly wholeTrace: Trace;
  /** Bytes that either end sent, those of a frame among them that had not come to its end. */
  readonly taken: Readonly<Record<Role, number>>;
}

/**
 * Whether an end has itself to thank for what the runner lost in a run: it sent far more frames, or bytes of messages, than the
 * reference peer did in the same case. `golden` is undefined where there is no such trace to measure by: then nothing is too much.
 */
export function isOwnBurden({ wholeTrace, taken }: Burden, golden: Trace | undefined, role: Role): boolean {
  if (golden === undefined) return false;
  const sent = burdenOf(wholeTrace, role);
  const usual = burdenOf(golden, role);
  const bytes = Math.max(sent.bytes, taken[role]);
  return sent.frames > FREE.frames + TIMES * usual.frames || bytes > FREE.bytes + TIMES * usual.bytes;
}

function burdenOf(trace: Trace, role: Role): { readonly frames: number; readonly bytes: number } {
  let frames = 0;
  let bytes = 0;
  for (const event of trace) {
    if (event.type !== 'sent' || event.from !== role) continue;
    frames += 1;
    if (event.frame.class === 'data') bytes += bodyLength(event.frame);
  }
  return { frames, bytes };
}
