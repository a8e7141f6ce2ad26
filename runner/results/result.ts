import * as z from 'zod';
import { inAnyWords } from '../../protocols/common/old-words.ts';

/** The published results format: types, and the JSON Schema of `results.json`, from one source. */

/**
 * pass; question (only disputed rules broken: the specification and the official implementation differ); warn (SHOULD or IMPL
 * rules broken); fail (a MUST broken); unclear (runner or adapter were too slow for what would count against it: nothing is said); skip (a declared feature is missing, or the profile demands something else); error
 * (harness or adapter broke).
 */
export const verdict = z.enum(['pass', 'question', 'warn', 'fail', 'skip', 'error', 'unclear']);
/** The outcome of one case-run. */
export type Verdict = z.infer<typeof verdict>;

/** Who found it. */
export const judgeName = z.preprocess(
  // As results of before say it.
  (name) => (name === 'codec' ? 'binding' : name),
  z.enum(['expectation', 'invariant', 'trace', 'binding', 'wire', 'carrier', 'adapter', 'harness']),
);
/** Which judge spoke. */
export type JudgeName = z.infer<typeof judgeName>;

/** One reason for a verdict. */
export const finding = z.object({
  judge: judgeName,
  checkpoint: z.string().describe('The checkpoint that failed: step:3, expect:1, invariant:river/ack-arithmetic, trace:main/chat'),
  requirement: z.string().optional(),
  level: z.enum(['MUST', 'MUST-NOT', 'SHOULD', 'MAY', 'IMPL']),
  harm: z
    .enum(['changed', 'missing'])
    .optional()
    .describe(
      'What an application suffers: another value than was sent, or none. Then it counts as a MUST, whatever the level of the rule.',
    ),
  message: z.string(),
  timed: z.literal(true).optional().describe('It turns on a time that the case states, so that another run may judge otherwise.'),
  step: z.int().optional().describe('Index of the step that failed, from 0.'),
  events: z.array(z.int()).describe('n of trace events that show it, the decisive one first.'),
  fingerprint: z.string().describe('judge/requirement/kind of frame/field: equal for equal causes.'),
  question: z
    .object({
      spec: z.string().describe('What the specification says.'),
      official: z.string().describe('What the official implementation does.'),
      demanded: z.enum(['spec', 'official']).describe('Which of them was looked for, and not seen.'),
    })
    .optional()
    .describe('The requirement is disputed, and no profile picks a side: no failure.'),
});
/** One reason for a verdict. */
export type Finding = z.infer<typeof finding>;

/** One thing a judge set out to check. */
export const checkpoint = z.object({
  id: z.string(),
  judge: judgeName,
  requirements: z.array(z.string()),
  outcome: z.enum(['held', 'broken', 'not-reached', 'waived']).describe('waived: broken, but the profile sides with what was seen.'),
});
/** One thing a judge set out to check, and what came of it. */
export type Checkpoint = z.infer<typeof checkpoint>;

/** Both sides of a disputed requirement. */
export const dispute = z.object({ spec: z.string(), official: z.string(), demanded: z.enum(['spec', 'official', 'both']) });

/** Name and version of one end. */
export const endName = z.object({ name: z.string(), version: z.string(), reference: z.boolean() });

/** One frame in words, or, where it matters, what became of a connection or what an application did or was told. */
export const frameLine = z.object({
  n: z.int().describe('Index in the trace.'),
  t: z.number().describe('Nominal ms since the run began.'),
  what: z.enum(['connection', 'application']).optional().describe('Absent for a frame.'),
  connection: z.int().optional().describe('Absent for what an application did or was told.'),
  from: z.enum(['client', 'server', 'proxy', 'broker']),
  to: z.enum(['client', 'server', 'broker']).optional().describe('Of a frame, where both ends dial a broker; else it is the other end.'),
  summary: z.string(),
});
/** One frame in words. */
export type FrameLine = z.infer<typeof frameLine>;

/** Observed and golden frames side by side, around the first that went wrong. */
export const storyRow = z.object({
  observed: frameLine.optional(),
  golden: frameLine.optional(),
  mark: z.enum(['same', 'differs', 'wrong']).describe('wrong: the frame the verdict rests on.'),
});
/** One row of a side-by-side view. */
export type StoryRow = z.infer<typeof storyRow>;

/** What a reader needs to understand one failure. */
export const story = z.object({
  file: z.string().describe('The case file.'),
  line: z.int(),
  column: z.int(),
  step: z.string().optional().describe('The step that broke, as people read it.'),
  requirement: z
    .object({ id: z.string(), level: z.string(), source: z.string(), text: z.string(), disputed: dispute.optional() })
    .optional(),
  rows: z.array(storyRow),
});
/** What a reader needs to understand one failure. */
export type Story = z.infer<typeof story>;

/** What became of a case for one role, binding and pair of implementations. */
export const caseRun = inAnyWords(
  z.object({
    id: z.string().describe('river/rpc/add@client+json: case, role under test, binding; #2 for a repeat'),
    case: z.string(),
    aliases: z.array(z.string()).optional().describe('Ids that the case had before.'),
    title: z.string(),
    role: z.enum(['client', 'server']),
    binding: z.string(),
    client: endName,
    server: endName,
    verdict,
    expected: z
      .enum(['as-expected', 'new-failure', 'known-failure', 'stale-known-failure', 'beyond-set', 'not-confirmed'])
      .describe(
        'beyond-set: it fails, but --set names a frozen set that does not have the case. not-confirmed: the run ended before a second one could say whether this verdict stands.',
      ),
    inSet: z.boolean().optional().describe('Only with --set: whether the case belongs to the set.'),
    setCases: z.array(z.string()).optional().describe('Only with --set: the ids under which the set has the case, where it has another.'),
    knownReason: z.string().optional(),
    flaky: z
      .object({ rate: z.number(), runs: z.int() })
      .optional()
      .describe('Only where a known failure is listed as failing sometimes: the share of the measured runs that failed.'),
    skipReason: z.string().optional(),
    tooSlow: z.string().optional().describe('Only where the verdict is unclear: who was late, and by how much.'),
    confirmed: z
      .boolean()
      .optional()
      .describe(
        'Only where the first verdict was news of an implementation: whether a second run, in an adapter process of its own, gave it too. The second verdict is the one told, but where `apart` says otherwise.',
      ),
    confirmedBy: z
      .string()
      .optional()
      .describe('Only where no second run of its own was made: the id of the case-run whose second run showed the same cause once more.'),
    beside: verdict.optional().describe('Only where the second verdict is another: the first one, beside other case-runs.'),
    apart: verdict
      .optional()
      .describe(
        'Only where the first verdict is told although a second run, apart, gave a better one, this: what the first found comes neither of other case-runs beside it nor of a busy machine, so that it is a bug that shows only sometimes.',
      ),
    requirements: z.array(z.string()),
    findings: z.array(finding),
    checkpoints: z.array(checkpoint),
    variations: z.array(z.string()).describe('Allowed variations that made the trace equal to the golden one.'),
    durationMs: z.number(),
    trace: z.string().optional().describe('Path of the trace, relative to the results file.'),
    bundle: z.string().optional().describe('Path of the bundle, relative to the results file; where the verdict is not pass.'),
    reproduce: z.string().describe('The command that runs just this again.'),
    story: story.optional().describe('Only where the verdict is not pass.'),
    exception: z.string().optional().describe('Only where the implementation ended its process: the exception, as it printed it.'),
    stderr: z.string().optional().describe('Last words of the adapter, where the verdict is not pass.'),
  }),
);
/** What became of one case-run. */
export type CaseRun = z.infer<typeof caseRun>;

/** How often a repeated case-run gave which verdict. */
export const rate = z.object({
  id: z.string().describe('Id without the number of the repeat.'),
  times: z.int(),
  counts: z.partialRecord(verdict, z.int()),
});
/** How often a repeated case-run gave which verdict. */
export type Rate = z.infer<typeof rate>;

/** What an implementation scores against a frozen set of cases. */
export const score = z.object({
  set: z.string(),
  cases: z.object({ passed: z.int(), total: z.int() }).describe('Cases of the set of which some case-run was not skipped.'),
  requirements: z.object({ kept: z.int(), total: z.int() }).describe('Requirements that checkpoints of those cases reached.'),
});
/** What an implementation scores against a frozen set of cases. */
export type Score = z.infer<typeof score>;

/** A rule in words. */
export const rule = z.object({
  level: z.string(),
  role: z.string().describe('Who is obliged: client, server, both, or a part in calls as the protocol calls it.'),
  source: z.string(),
  text: z.string(),
  disputed: dispute.optional(),
  unobservable: z.string().optional().describe('Why nothing from outside can see whether it is kept.'),
});
/** A rule in words. */
export type Rule = z.infer<typeof rule>;

/** Where the words are that case-runs name by id: rules, allowed variations, case files. */
export const glossary = z.object({
  title: z.string().describe('The protocol and its version, for people.'),
  requirements: z.record(z.string(), rule).describe('Every rule of the protocol, by id, in the order of its catalogue.'),
  variations: z
    .record(z.string(), z.object({ allowedBy: z.string(), describe: z.string() }))
    .describe('What the variations mean that case-runs list as applied.'),
  cases: z
    .record(z.string(), z.object({ file: z.string(), steps: z.array(z.object({ line: z.int(), column: z.int() })) }))
    .describe('By case id: its file, and where in it each step begins, lines and columns from 1.'),
  files: z.record(z.string(), z.string()).describe('Texts of the case files.'),
  masked: z.array(z.string()).optional().describe('Those of the files in which secrets are masked; absent where there is none.'),
});
/** Where the words are that case-runs name by id. */
export type Glossary = z.infer<typeof glossary>;

/** results.json */
export const results = z.object({
  schema: z.literal('weir-results/1'),
  weir: z.string(),
  protocol: z.string(),
  startedAt: z.string(),
  durationMs: z.number(),
  world: z.enum(['real', 'simulated']),
  seed: z.int(),
  timeScale: z.number(),
  implementation: endName.optional(),
  summary: z.record(z.string(), z.int()),
  shard: z
    .object({ index: z.int().positive(), count: z.int().positive() })
    .optional()
    .describe('Only with --shard: which part of how many this is.'),
  known: z
    .object({
      entries: z.array(z.record(z.string(), z.unknown())),
      label: z.string().optional(),
      strict: z.boolean(),
      whole: z.boolean(),
      leftOut: z
        .array(
          inAnyWords(
            z.object({
              case: z.string(),
              aliases: z.array(z.string()).optional(),
              role: z.enum(['client', 'server']),
              binding: z.string(),
            }),
          ),
        )
        .default([])
        .describe('What --axes left out.'),
    })
    .optional()
    .describe('Only with --shard: the known failures of the implementation, for weir merge to hold against the whole.'),
  greenBefore: z
    .array(z.string())
    .optional()
    .describe('Only with --last-failed: ids of the case-runs that were not run again, since earlier results have them green.'),
  rates: z.array(rate).optional().describe('Only where case-runs were repeated: each of them, the least steady first.'),
  score: score.optional().describe('Only with --set.'),
  warnings: z.array(z.string()).optional().describe('What concerns the run as a whole, in sentences; absent where there is nothing.'),
  glossary: glossary.optional().describe('What reports show beside the case-runs; absent where no files are written.'),
  runs: z.array(caseRun),
});
/** Everything a run of the corpus yields. */
export type Results = z.infer<typeof results>;
