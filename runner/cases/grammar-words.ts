import * as z from 'zod';
import { LONGEST_WAIT_MS } from '../longest-timer.ts';

/** What several parts of the grammar of case files say alike. All times are nominal: in the protocol's own default timers. */

/** Default bound of a waiting step, nominal ms. */
export const DEFAULT_WITHIN_MS = 4000;

/** A name that a case makes up. */
export const name = z
  .string()
  .regex(/^[A-Za-z](?:[\w-]|\$\{\w+\})*$/, 'a name starts with a letter and goes on with letters, digits, _ and -')
  .describe('A name of your choosing.');
/** Bound of a waiting step, nominal ms. */
export const within = z
  .number()
  .positive()
  .max(LONGEST_WAIT_MS)
  .default(DEFAULT_WITHIN_MS)
  .describe(`Longest wait in nominal ms (default ${DEFAULT_WITHIN_MS}).`);
/** Earliest time of what a step waits for, nominal ms after it began. */
export const after = z
  .number()
  .nonnegative()
  .max(LONGEST_WAIT_MS)
  .optional()
  .describe('Not sooner than this, nominal ms after the step began.');
/** The rule that a step judges. */
export const requirement = z
  .string()
  .optional()
  .describe('The requirement this judges (default: the first of the case that obliges the role under test).');
/** The schema of a number, or of bounds. */
export const range = z.union([
  z.int().nonnegative(),
  z.strictObject({ min: z.int().nonnegative().optional(), max: z.int().nonnegative().optional() }),
]);
/** A number, or bounds, both included. */
export type Range = z.infer<typeof range>;

/** Any value, tagged where JSON has no form for it. */
export const value = z.unknown();
/** Pattern of metadata that came. */
export const metadata = value.optional().describe('Pattern of what came beside it.');
/** Pattern of an error that came. */
export const errorPattern = z.strictObject({ code: value.optional(), message: value.optional(), extras: value.optional(), metadata });
/** Metadata that is given. */
export const beside = value.optional().describe('What goes beside it, in the protocol’s own form.');
/** An error that an application gives. */
export const errorGiven = z.strictObject({
  code: z.union([z.string(), z.number()]),
  message: z.string().default(''),
  extras: value.optional(),
  metadata: beside,
});
/** What an end is told to wait for may be longer than a timer of its clock: a case may be about just that. */
export const timers = z.record(z.string(), z.number().nonnegative().max(Number.MAX_SAFE_INTEGER));
/** Options of an end, by name; each protocol has its own. */
export const options = z.record(z.string(), value);
