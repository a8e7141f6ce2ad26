import * as z from 'zod';
import { verdict } from '../results/result.ts';

/** What `weir diff --json` prints: types and JSON Schema from one source. */

/** What has become of a case-run from one set of results to the other. */
export const CHANGES = ['news', 'other-cause', 'flakier', 'steadier', 'mended', 'only-in-a', 'only-in-b'] as const;
/** What has become of a case-run. */
export type ChangeKind = (typeof CHANGES)[number];

const resultsSide = z.object({
  file: z.string(),
  implementation: z.string().describe('Name and version of who was under test.'),
  weir: z.string(),
  startedAt: z.string(),
  world: z.enum(['real', 'simulated']),
  runs: z.int().describe('Case-runs, repeats counted once.'),
});

/** What one set of results says of a case-run, all repeats of it together. */
export const standing = z.object({
  verdicts: z.partialRecord(verdict, z.int()).describe('How many repeats gave which verdict.'),
  causes: z.array(z.string()).describe('Fingerprints of what the repeats that did not pass failed by, in order of the alphabet.'),
  requirement: z.string().optional().describe('The rule that the first of them broke.'),
  message: z.string().optional().describe('What the first of them says.'),
  skipReason: z.string().optional(),
});
/** What one set of results says of a case-run. */
export type Standing = z.infer<typeof standing>;

const change = z.object({
  kind: z
    .enum(CHANGES)
    .describe(
      'news: worse in b; mended: better; other-cause: the same verdict, not by the same causes; flakier, steadier: a verdict that changes between repeats, more or less often than before; only-in-a, only-in-b: the other one has not run it, skipped it, or cannot tell.',
    ),
  id: z.string().describe('Id of the case-run, without the number of a repeat; as b has it where the case was renamed.'),
  title: z.string(),
  a: standing.optional(),
  b: standing.optional(),
});
/** A case-run that is not the same on both sides. */
export type Change = z.infer<typeof change>;

const tracePlace = z.object({ n: z.int(), summary: z.string() });
const lane = { stream: z.string(), from: z.enum(['client', 'server', 'broker']) };
const traceSide = z.object({
  file: z.string(),
  run: z.string(),
  binding: z.string(),
  frames: z.int().describe('Frames that were compared.'),
});

const resultsReport = z.object({
  schema: z.literal('weir-diff/1'),
  of: z.literal('results'),
  a: resultsSide,
  b: resultsSide,
  same: z.int().describe('Case-runs that are the same on both sides.'),
  counts: z.partialRecord(z.enum(CHANGES), z.int()),
  changes: z.array(change),
});
/** Two sets of results beside each other. */
export type ResultsReport = z.infer<typeof resultsReport>;

const traceReport = z.object({
  schema: z.literal('weir-diff/1'),
  of: z.literal('traces'),
  a: traceSide,
  b: traceSide,
  same: z.int().describe('Frames that say the same on both sides, counted once.'),
  variations: z.array(z.string()).describe('What the protocol allows to differ, and did.'),
  differing: z.array(
    z.object({
      ...lane,
      a: tracePlace,
      b: tracePlace,
      members: z
        .array(z.object({ path: z.string(), a: z.unknown(), b: z.unknown() }))
        .describe('Members in which they differ, in the form that is compared; `kind` where they are of different kinds.'),
    }),
  ),
  onlyInA: z.array(z.object({ ...lane, ...tracePlace.shape })),
  onlyInB: z.array(z.object({ ...lane, ...tracePlace.shape })),
});
/** Two traces beside each other. */
export type TraceReport = z.infer<typeof traceReport>;

/** What `weir diff --json` prints. */
export const diffReport = z.discriminatedUnion('of', [resultsReport, traceReport]);
