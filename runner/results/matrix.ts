import * as z from 'zod';
import { KEEPINGS } from './keeping.ts';
import { rule, verdict } from './result.ts';

/** The published form of a compatibility matrix: types, and the JSON Schema of `matrix.json`, from one source. */

/** One case under one role and binding: what rows have a verdict of. */
export const matrixCase = z.object({
  id: z.string().describe('Case, role and binding: an id of a case-run without the number of a repeat.'),
  case: z.string(),
  area: z.string().describe('The part of the id behind the protocol.'),
  role: z.enum(['client', 'server']),
  binding: z.string(),
  title: z.string(),
  requirements: z.array(z.string()),
  hash: z.string().describe('Of the text of its file: whether a verdict changed or the case did.'),
});
/** One case under one role and binding. */
export type MatrixCase = z.infer<typeof matrixCase>;

/** Why a verdict is no pass. */
export const matrixFinding = z.object({
  requirement: z.string().optional(),
  level: z.string(),
  question: z.literal(true).optional().describe('The rule is disputed; no failure.'),
  harm: z.enum(['changed', 'missing']).optional().describe('Why it counts as a MUST whatever its level.'),
  fingerprint: z.string(),
  message: z.string().describe('At most 300 characters; the whole stands in the results of the run.'),
});
/** Why a verdict is no pass. */
export type MatrixFinding = z.infer<typeof matrixFinding>;

/** What became of each rule that binds a role. */
const kept = z.record(z.string(), z.enum(KEEPINGS));

/** One version of one implementation, or the reference pair. */
export const matrixRow = z.object({
  id: z.string().describe('As weir run --implementation takes it; `reference` for the reference pair.'),
  name: z.string(),
  title: z.string(),
  version: z.string(),
  language: z.string().optional(),
  url: z.string().optional(),
  reference: z.boolean(),
  roles: z.array(z.enum(['client', 'server'])),
  state: z
    .enum(['ran', 'not-set-up', 'not-finished'])
    .describe('not-set-up: it could not be started; not-finished: it was started, and ended or was ended before its last case-run.'),
  reason: z.string().optional().describe('Why it was not set up, or not finished.'),
  ranAt: z.string().optional(),
  durationMs: z.number().optional(),
  verdicts: z
    .string()
    .describe(
      'A letter for each of `caseRuns`, in their order: p pass, q question, w warn, f fail, s skip, e error, u unclear, - not run. A known failure is f.',
    ),
  found: z.record(z.string(), z.array(z.int())).describe('By index in `caseRuns`: indexes in `findings`.'),
  skipped: z.record(z.string(), z.int()).describe('By index in `caseRuns`: index in `reasons`.'),
  rates: z
    .record(z.string(), z.object({ failed: z.number().describe('Share of the runs that failed, 0 to 1.'), runs: z.int() }))
    .describe('By index in `caseRuns`: those that do not always give the same verdict.'),
  kept: z.object({ client: kept.optional(), server: kept.optional() }).describe('For each role that was tested.'),
});
/** One version of one implementation, or the reference pair. */
export type MatrixRow = z.infer<typeof matrixRow>;

/** What tests a requirement. */
export const ruleTests = z.object({
  cases: z.int(),
  invariants: z.array(z.string()),
  mutants: z
    .object({ listed: z.int(), killed: z.int().optional() })
    .optional()
    .describe('Those that break it, and how many of them are noticed.'),
});

/** One implementation as client of another one, or of itself, no reference peer between them. */
export const matrixPair = z.object({
  client: z.string().describe('Id of a row.'),
  server: z.string().describe('Id of a row.'),
  state: z.enum(['ran', 'not-set-up', 'not-finished']),
  reason: z.string().optional(),
  counts: z.partialRecord(verdict, z.int()).describe('Case-runs by verdict; whichever end broke the rule.'),
  causes: z.array(z.object({ fingerprint: z.string(), message: z.string(), runs: z.int() })).describe('The most frequent ones.'),
});
/** One implementation as client of another one. */
export type MatrixPair = z.infer<typeof matrixPair>;

/** matrix.json */
export const matrix = z.object({
  schema: z.literal('weir-matrix/1'),
  weir: z.string(),
  protocol: z.string(),
  title: z.string(),
  madeAt: z.string(),
  selection: z.array(z.string()).describe('Patterns of cases; empty: the whole corpus.'),
  requirements: z.record(z.string(), rule),
  tests: z.record(z.string(), ruleTests).optional().describe('By requirement: what tests it, as the reference pair has shown.'),
  caseRuns: z.array(matrixCase),
  findings: z.array(matrixFinding),
  reasons: z.array(z.string()),
  rows: z.array(matrixRow).describe('The reference pair first, then implementations by name, newest version first.'),
  pairs: z
    .object({ selection: z.array(z.string()).describe('Patterns of cases.'), all: z.array(matrixPair) })
    .optional()
    .describe('Implementations with one another.'),
});
/** Who passes what. */
export type Matrix = z.infer<typeof matrix>;
