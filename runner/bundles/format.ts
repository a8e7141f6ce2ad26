import * as z from 'zod';
import type { RunFacts } from '../../protocols/common/invariant.ts';
import type { CallFacts } from '../../protocols/common/normalise.ts';
import { inAnyWords } from '../../protocols/common/old-words.ts';
import { fromTagged, isPlainObject, ownMember } from '../../protocols/common/value.ts';
import { parseJson } from '../files/json.ts';
import { alignment } from '../results/alignment.ts';
import { endName, finding, verdict } from '../results/result.ts';
import { EvidenceError } from './evidence-error.ts';
import { firstIssue } from './records.ts';

/** What a run leaves behind so that it can be repeated and judged again: bundles, and the heads of trace files. */

const role = z.enum(['client', 'server']);

/** A map whose keys may be anything, `__proto__` too, which records of the schema library leave out. */
function map<T>(inner: z.ZodType<T>) {
  const fits = (value: unknown): boolean => isPlainObject(value) && Object.values(value).every((item) => inner.safeParse(item).success);
  return z.custom<Record<string, T>>(fits, 'not a map of what is wanted');
}

const durations = map(z.number().nonnegative());

const factsGrammar = inAnyWords(
  z.looseObject({
    binding: z.string(),
    instances: z
      .array(
        z.object({
          role,
          instance: z.string(),
          id: z.string(),
          timers: durations,
          options: map(z.unknown()),
          addressed: z.string().optional(),
        }),
      )
      .optional(),
    space: z.string().optional().describe('Where both ends dial a broker: what every name of the run on it begins with.'),
    clientIds: z.array(z.string()),
    serverId: z.string().optional(),
    timers: durations,
    clientTimers: map(durations).optional(),
    addressed: map(z.string()).optional(),
    options: map(z.unknown()).optional(),
    procedureKinds: map(z.string()),
    scripted: z.array(role),
  }),
);

/** A call; of when only clients called it says `client`, `clientId` and `init`, and no kind. */
const callGrammar = inAnyWords(
  z.object({
    call: z.string(),
    role: role.default('client'),
    instance: z.string(),
    id: z.string().optional(),
    to: z.int().nonnegative().optional(),
    kind: z.string().optional(),
    procedure: z.string().optional(),
    value: z.unknown().optional(),
    metadata: z.unknown().optional(),
    credit: z.int().optional(),
  }),
  { client: 'instance', clientId: 'id', init: 'value' },
);

/** What judging a trace takes beside its events. */
const facts = { facts: factsGrammar, calls: z.array(callGrammar) };
const context = {
  ...facts,
  closing: z.int().nonnegative().describe('How many events there were when Weir began to take things down.'),
};

/** The first line of a trace file. */
export const traceHead = inAnyWords(
  z.object({
    'weir-trace': z.literal(1),
    weir: z.string(),
    protocol: z.string(),
    run: z.string(),
    case: z.string().optional().describe('Absent where no case was played: what a tap saw.'),
    role: role.optional().describe('The role under test; absent where both were strangers.'),
    first: z.int().positive().optional().describe('How many older events were gone when it was written; what is left begins with n = 0.'),
    binding: z.string(),
    timeScale: z.number().positive(),
    ...context,
  }),
);
/** The first line of a trace file. */
export type TraceHead = z.infer<typeof traceHead>;

const outcome = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true) }),
  z.object({
    ok: z.literal(false),
    message: z.string(),
    field: z.string(),
    events: z.array(z.int()),
    damage: z.enum(['changed', 'missing']).optional().describe('What an application suffers by it.'),
    follows: z.literal(true).optional().describe('An earlier step that broke may be why: it is not judged.'),
  }),
]);

const crash = z.object({ headline: z.string(), own: z.boolean().describe('It came from the adapter’s own code.') });

const failure = z.object({
  step: z.int().nonnegative(),
  message: z.string(),
  adapter: z
    .object({ kind: z.enum(['missing', 'crashed', 'hung', 'garbage', 'refused']), method: z.string().optional(), crash: crash.optional() })
    .optional()
    .describe('Present where the adapter broke, or refused.'),
});

const trace = z.array(z.record(z.string(), z.unknown()));

/** One failure with all that it takes to repeat it and to judge it again. */
export const bundleGrammar = inAnyWords(
  z.object({
    schema: z.literal('weir-bundle/1'),
    weir: z.string().describe('Version of Weir.'),
    protocol: z.string(),
    run: z.string().describe('Case, role under test and binding: river/rpc/add@client+json'),
    case: z.object({ id: z.string(), file: z.string().describe('Relative to the package.'), text: z.string() }),
    role,
    binding: z.string(),
    repeat: z.int().positive(),
    world: z.enum(['real', 'simulated']),
    timeScale: z.number().positive(),
    seed: z.int().nonnegative().describe('Of the whole run, as --seed takes it.'),
    strict: z.boolean(),
    profile: z.enum(['spec', 'official']).optional().describe('As --profile said.'),
    implementation: z
      .object({
        named: z.string().describe('What --implementation said; of an absolute path the last part.'),
        label: z.string().optional(),
      })
      .optional(),
    client: endName,
    server: endName,
    verdict,
    findings: z.array(finding),
    stderr: z.string().optional().describe('Last words of the adapter.'),
    masked: z
      .object({ count: z.int().positive(), keys: z.array(z.string()).describe('As `redact` and --redact named them.') })
      .optional()
      .describe('How many secrets are masked in case and traces, each by a fill of its length; absent where there were none.'),
    observed: z
      .object({
        ...context,
        outcomes: z.array(outcome).describe('What came of each step that was carried out.'),
        failure: failure.optional(),
        streams: map(z.string()).describe('Streams that a scripted peer opened by hand: name in the case → id.'),
        strays: z.array(z.string()),
        trace,
      })
      .optional()
      .describe('Absent where the run failed before anything could be seen.'),
    golden: z.discriminatedUnion('ok', [
      z.object({
        ok: z.literal(true),
        facts: facts.facts.optional(),
        calls: facts.calls.optional(),
        trace,
        alignment: alignment.optional(),
      }),
      z.object({ ok: z.literal(false), reason: z.string() }),
    ]),
  }),
);
/** One failure with all that it takes to repeat it and to judge it again. */
export type Bundle = z.infer<typeof bundleGrammar>;

/** Reads a bundle. Throws an `EvidenceError` that says what is wrong with the file. */
export function readBundle(file: string, text: string): Bundle {
  const other = otherOf(text);
  if (other !== undefined) throw new EvidenceError(`${file}: no bundle but ${other}`);
  const value = jsonOf(file, text);
  const schema = typeof value === 'object' && value !== null && 'schema' in value ? value.schema : undefined;
  if (schema !== 'weir-bundle/1') {
    throw new EvidenceError(
      `${file}: no bundle of this version of Weir: its schema is ${JSON.stringify(schema) ?? 'missing'}, not "weir-bundle/1"`,
    );
  }
  const parsed = bundleGrammar.safeParse(value);
  if (!parsed.success) throw new EvidenceError(`${file}: not a whole bundle: ${firstIssue(parsed.error)}`);
  return parsed.data;
}

/** What a text is that people take for a bundle, and where the bundle is; undefined where it may be one. */
function otherOf(text: string): string | undefined {
  if (isTraceFile(text))
    return 'a trace, which does not say how its run is made again: the bundle of a failure does, in bundles/; weir check, view, export and distil take a trace';
  if (/^\s*\{\s*"(?:schema":\s*"weir-results|weir-results-lines)/.test(text))
    return 'the results of a run: the bundles of its failures lie in bundles/ beside it, and traces in traces/';
  return undefined;
}

/** A trace file: its head, and its events as they are written. */
export interface TraceFile {
  readonly head: TraceHead;
  readonly records: readonly unknown[];
}

/** Whether a text is a trace file rather than a bundle. */
export function isTraceFile(text: string): boolean {
  return text.startsWith('{"weir-trace":');
}

/** Reads a trace file. Throws an `EvidenceError` that says which line is wrong. */
export function readTraceFile(file: string, text: string): TraceFile {
  const [first = '', ...lines] = text.split('\n');
  const said = jsonOf(`${file}:1`, first);
  const format = isPlainObject(said) ? said['weir-trace'] : undefined;
  if (typeof format === 'number' && format !== 1)
    throw new EvidenceError(
      `${file}:1: a trace of format ${format}, and this version of Weir reads format 1: use the version that wrote it`,
    );
  const head = traceHead.safeParse(said);
  if (!head.success) throw new EvidenceError(`${file}:1: not the head of a trace: ${firstIssue(head.error)}`);
  const records = lines.flatMap((line, i) => (line.trim() === '' ? [] : [jsonOf(`${file}:${i + 2}`, line)]));
  return { head: head.data, records };
}

/** The facts and calls of a file as judges take them. Throws an `EvidenceError` on a malformed value. */
export function readContext(
  written: Pick<TraceHead, 'facts' | 'calls' | 'first'>,
  file: string,
): { readonly facts: RunFacts; readonly calls: readonly CallFacts[] } {
  try {
    // What the grammars let through is this once its values are untagged.
    const told = fromTagged(written.facts) as RunFacts;
    const facts: RunFacts = written.first === undefined ? told : { ...told, fromTheMiddle: true };
    const calls = written.calls.map(({ kind, ...call }) => {
      const known = call.procedure === undefined ? undefined : ownMember(facts.procedureKinds, call.procedure);
      return { ...(fromTagged(call) as Omit<CallFacts, 'kind'>), kind: kind ?? known ?? '' };
    });
    return { facts, calls };
  } catch (error) {
    throw new EvidenceError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function jsonOf(where: string, text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    throw new EvidenceError(`${where}: not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
