import * as z from 'zod';

const words = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** Some combinations: those whose value of each axis named here is the one, or among the ones, given by name. */
export const picks = z
  .record(z.string(), z.union([words, z.array(words).min(1)]))
  .describe('Axis → name of a value, or a list of names; `role` is the role under test. What is not named may be anything.');

const axis = z
  .union([z.array(z.unknown()).min(1), z.record(z.string(), z.unknown())])
  .describe('The values: a list of words, or a map from a name to a value. Names become segments of ids.');

/** The schema of `axes`. */
export const axesSchema = z
  .object({ except: z.array(picks).min(1).optional().describe('Combinations that are left out.') })
  .catchall(axis)
  .describe('Every combination of values is a case of its own. In strings $' + '{axis} stands for the value.');
