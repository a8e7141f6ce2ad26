import * as z from 'zod';
import { MOST_AT_ONCE } from '../../protocols/common/limits.ts';
import { LONGEST_WAIT_MS } from '../longest-timer.ts';

/**
 * Grammar of `fault:` steps. A fault is tied to a frame or to a step, never to a clock. `frame` is a wire pattern of the
 * protocol; `nth` counts matching frames from the moment the fault is armed (1 = the next one).
 */

/** Builds the grammar for a protocol's wire patterns. */
export function faultGrammar(wirePattern: z.ZodType) {
  const tied = {
    frame: wirePattern.describe('Which frame (a wire pattern with `from`).'),
    nth: z.int().positive().optional().describe('Which of the matching frames, from now on (default 1).'),
  };
  const how = z.enum(['fin', 'rst']).optional().describe('End the connection with FIN or RST (default rst), both ends alike.');
  const of = z
    .string()
    .optional()
    .describe('Where both ends dial a broker: only connections that this instance has dialled (main, server, …).');
  const repeated = {
    ...tied,
    times: z
      .union([z.int().positive(), z.literal('all')])
      .optional()
      .describe('How many matching frames from the nth on (default 1).'),
  };
  const detailed = z.strictObject({
    cut: z
      .strictObject({
        how,
        of,
        at: z.enum(['before', 'inside', 'after']).optional().describe('Where in the frame (default before); needs `frame`.'),
        frame: tied.frame.optional(),
        nth: tied.nth,
        reconnect: z
          .enum(['allow', 'refuse'])
          .optional()
          .describe('Whether new connections pass at once (allow, default) or only after `restore`.'),
      })
      .optional()
      .describe('Cut the live connections now, or at a frame.'),
    close: z
      .strictObject({ code: z.union([z.int(), z.literal('none')]), toward: z.enum(['client', 'server', 'broker', 'both']).optional() })
      .optional()
      .describe('Put an orderly close frame with this code, or with none, on the live connections (default toward both), then end them.'),
    stall: z
      .strictObject({ from: z.enum(['client', 'server', 'broker', 'both']).optional(), of, frame: tied.frame.optional(), nth: tied.nth })
      .optional()
      .describe(
        'Live connections stay open and nothing passes from that end (default both); new connections pass. With `frame`: from that frame on, on its connection, from its sender.',
      ),
    drop: z.strictObject(repeated).optional().describe('Swallow frames.'),
    duplicate: z.strictObject(repeated).optional().describe('Deliver frames twice in a row.'),
    hold: z.strictObject(repeated).optional().describe('Keep frames back until `release`; later ones overtake.'),
    reorder: z.strictObject(tied).optional().describe('Swap the frame with the next one of its direction.'),
    corrupt: z
      .strictObject({ ...tied, byte: z.int().optional().describe('Offset into the message body, negative from its end (default 0).') })
      .optional()
      .describe('Flip all bits of one byte.'),
    truncate: z.strictObject({ ...tied, to: z.int().nonnegative().describe('Bytes of the message body to keep.') }).optional(),
    delay: z
      .strictObject({ ...repeated, for: z.number().positive().max(LONGEST_WAIT_MS).describe('Nominal ms; the frames behind it wait too.') })
      .optional(),
    split: z
      .strictObject({
        ...repeated,
        into: z.int().min(2).max(MOST_AT_ONCE).optional().describe('That many parts (default 2).'),
        at: z
          .int()
          .refine((at) => at !== 0, 'at must not be 0')
          .optional()
          .describe('Two parts, the first so many bytes of the wire long; negative: the second.'),
      })
      .optional()
      .describe('Deliver the frame in parts: fragments of a WebSocket message, segments of a stream, a moment apart.'),
    replace: z
      .strictObject({
        ...tied,
        set: z.record(z.string(), z.unknown()).describe('Keys laid over the decoded message before it is encoded again.'),
      })
      .optional(),
    inject: z
      .strictObject({
        toward: z.enum(['client', 'server', 'broker']),
        of,
        message: z.unknown().optional(),
        hex: z.string().optional(),
        text: z.string().optional(),
      })
      .optional()
      .describe('Put a frame on the live connection that its sender never sent.'),
    refuse: z
      .strictObject({
        of,
        times: z.int().positive().optional().describe('That many attempts (default: until `restore`).'),
        how: z
          .enum(['reset', 'silent', 'http'])
          .optional()
          .describe('reset: accept and reset at once; silent: accept and never answer the upgrade; http: answer 503 (default reset).'),
      })
      .optional(),
  });
  return z.union([z.enum(['cut', 'restore', 'stall', 'resume', 'refuse', 'release']), detailed]);
}

/** A fault of a case: a word, or an object with exactly one key. */
export type Fault = z.infer<ReturnType<typeof faultGrammar>>;
