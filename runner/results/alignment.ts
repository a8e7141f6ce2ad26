import * as z from 'zod';

/** How the frames of the observed and the golden trace stand beside each other. */
export const alignment = z.object({
  pairs: z
    .array(
      z.object({
        observed: z.int(),
        golden: z.int(),
        differs: z
          .array(z.object({ path: z.string(), observed: z.unknown(), golden: z.unknown() }))
          .optional()
          .describe('Members in which they differ, of the form that was compared; `kind` where they are of different kinds.'),
      }),
    )
    .describe('n of frames that stand for the same.'),
  alone: z
    .object({ observed: z.array(z.int()), golden: z.array(z.int()) })
    .describe('n of frames that have nothing on the other side. What is named nowhere was not compared: heartbeats, repetitions.'),
});
/** How the frames of the observed and the golden trace stand beside each other. */
export type Alignment = z.infer<typeof alignment>;
