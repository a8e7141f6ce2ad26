import { basename, isAbsolute, relative } from 'node:path';
import type { Protocol } from '../../protocols/common/protocol.ts';
import type { Profile } from '../../protocols/common/requirement.ts';
import { isPlainObject, type Tagged, toTagged } from '../../protocols/common/value.ts';
import { AdapterError } from '../adapters/error.ts';
import type { LoadedCase } from '../cases/case.ts';
import type { Completed } from '../execute/case-run.ts';
import type { Golden } from '../execute/golden.ts';
import type { Performance } from '../execute/performance.ts';
import { laneKinds } from '../execute/settle.ts';
import { alignTraces } from '../judge/alignment.ts';
import type { Masker } from '../masking/masker.ts';
import type { PlannedRun } from '../plan/plan.ts';
import { endName } from '../results/assemble.ts';
import type { CaseRun } from '../results/result.ts';
import { told, toldLast } from '../results/told.ts';
import { eachRecord, type Recording, recordsOf, streamsOf } from '../results/trace-record.ts';
import type { Bundle, TraceHead } from './format.ts';

/** What is the same for all files that a run of the corpus leaves. */
export interface Leaving {
  readonly protocol: Protocol;
  /** Version of Weir. */
  readonly version: string;
  readonly world: 'real' | 'simulated';
  readonly timeScale: number;
  readonly seed: number;
  readonly strict: boolean;
  readonly profile?: Profile | undefined;
  /** What `--implementation` said, and the column it led to. */
  readonly implementation: { readonly named: string; readonly label: string | undefined } | undefined;
  /** Names of keys that were configured as secret. */
  readonly redact: readonly string[];
  /** Folder of the package: case files are named relative to it. */
  readonly root: string;
}

/** The lines of a trace file, made as they are asked for: a head that lets it be judged on its own, then the events. Secrets are masked. */
export function* traceLines(planned: PlannedRun, performance: Performance, leaving: Leaving, masker: Masker): Generator<object> {
  const { protocol, version, timeScale } = leaving;
  const head: TraceHead = {
    'weir-trace': 1,
    weir: version,
    protocol: protocol.name,
    run: planned.id,
    case: planned.case.id,
    role: planned.role,
    binding: planned.binding,
    timeScale,
    ...contextOf(performance, masker),
    closing: performance.trace.length,
  };
  yield head;
  const recording = { protocol, binding: planned.binding, masker };
  const streams = streamsOf(performance.normalised);
  yield* eachRecord(performance.wholeTrace, recording, streams);
}

/** The bundle of a published run; `caseText` is the text of its case file, its secrets masked. */
export function bundleOf(
  planned: PlannedRun,
  completed: Completed,
  run: CaseRun,
  caseText: string,
  leaving: Leaving,
  masker: Masker,
): Bundle {
  const { protocol, implementation, world, timeScale, seed, strict, profile } = leaving;
  const { performance, golden } = completed;
  const recording = { protocol, binding: planned.binding, masker };
  const evidence = {
    ...(performance === undefined ? {} : { observed: observedOf(planned, performance, recording) }),
    golden: goldenOf(golden, performance, recording),
  };
  return {
    schema: 'weir-bundle/1',
    weir: leaving.version,
    protocol: protocol.name,
    run: planned.id,
    case: { id: planned.case.id, file: within(leaving.root, planned.case.file), text: caseText },
    role: planned.role,
    binding: planned.binding,
    repeat: planned.repeat,
    world,
    timeScale,
    seed,
    strict,
    ...(profile === undefined ? {} : { profile }),
    ...(implementation === undefined ? {} : { implementation: nameOf(implementation) }),
    client: endName(planned.client),
    server: endName(planned.server),
    verdict: run.verdict,
    findings: run.findings,
    ...(completed.stderr === undefined ? {} : { stderr: toldLast(completed.stderr, masker) }),
    ...(masker.count === 0 ? {} : { masked: { count: masker.count, keys: [...leaving.redact] } }),
    ...evidence,
  };
}

function goldenOf(golden: Golden, performance: Performance | undefined, recording: Recording): Bundle['golden'] {
  const { protocol, masker } = recording;
  if (!golden.ok) return { ok: false, reason: recording.masker.words(golden.reason) };
  const trace = recordsOf(golden.trace ?? [], recording, streamsOf(golden.normalised));
  const context = contextOf(golden, masker);
  if (performance === undefined) return { ok: true, ...context, trace };
  const kindOf = laneKinds(performance.calls);
  const mask = (value: unknown): unknown => masker.kept(value, protocol.secretPaths(value, masker.keys));
  const alignment = alignTraces(performance.normalised, golden.normalised, protocol.variations, kindOf, mask);
  return { ok: true, ...context, trace, alignment };
}

function observedOf(planned: PlannedRun, performance: Performance, recording: Recording): NonNullable<Bundle['observed']> {
  const { masker } = recording;
  const { outcomes, failure } = performance.played;
  return {
    ...contextOf(performance, masker),
    closing: performance.trace.length,
    outcomes: outcomes.map((outcome) =>
      outcome.ok ? { ok: true } : { ...outcome, message: told(outcome.message, masker), events: [...outcome.events] },
    ),
    ...(failure === undefined ? {} : { failure: { step: failure.step, ...failureOf(failure.error, masker) } }),
    streams: masker.keptMap(scriptedStreams(planned.case, performance)) as Record<string, string>,
    strays: performance.strays.map((stray) => told(stray, masker)),
    trace: recordsOf(performance.wholeTrace, recording, streamsOf(performance.normalised)),
  };
}

function contextOf({ facts, calls }: Pick<Performance, 'facts' | 'calls'>, masker: Masker): Pick<TraceHead, 'facts' | 'calls'> {
  const plain = (value: object): { [key: string]: Tagged } => toTagged(value) as { [key: string]: Tagged };
  return {
    // Both are of the form that the grammar describes, for that form was taken from them.
    facts: plain({
      ...(masker.keptMap(facts) as object),
      options: masker.kept(facts.options),
      ...(facts.instances === undefined
        ? {}
        : { instances: facts.instances.map((each) => ({ ...(masker.keptMap(each) as object), options: masker.kept(each.options) })) }),
    }) as TraceHead['facts'],
    calls: calls.map((call) => plain(masker.kept({ ...call }) as object)) as TraceHead['calls'],
  };
}

function failureOf(error: unknown, masker: Masker): Pick<NonNullable<NonNullable<Bundle['observed']>['failure']>, 'message' | 'adapter'> {
  const message = told(error instanceof Error ? error.message : String(error), masker);
  if (!(error instanceof AdapterError)) return { message };
  const { kind, method, crash } = error.facts;
  const of = crash === undefined ? {} : { crash: { ...crash, headline: told(crash.headline, masker) } };
  return { message, adapter: { kind, ...(method === undefined ? {} : { method }), ...of } };
}

/** Ids of the streams that a scripted peer opened under a name of the case; those of calls are found on the wire. */
function scriptedStreams(loaded: LoadedCase, { match, calls }: Performance): Record<string, string> {
  const names = new Set<string>();
  collectTexts([loaded.steps.map(({ action }) => action), loaded.expect.map(({ check }) => check)], names);
  for (const { call } of calls) names.delete(call);
  return Object.fromEntries([...names].flatMap((name) => pairOf(name, match.streamOf(name))));
}

function pairOf(name: string, id: string | undefined): [string, string][] {
  return id === undefined ? [] : [[name, id]];
}

function collectTexts(value: unknown, into: Set<string>): void {
  if (typeof value === 'string') into.add(value);
  else if (Array.isArray(value)) for (const item of value) collectTexts(item, into);
  else if (isPlainObject(value)) for (const item of Object.values(value)) collectTexts(item, into);
}

function nameOf({ named, label }: NonNullable<Leaving['implementation']>): NonNullable<Bundle['implementation']> {
  return { named: isAbsolute(named) ? basename(named) : named, ...(label === undefined ? {} : { label }) };
}

function within(root: string, file: string): string {
  const path = relative(root, file).replaceAll('\\', '/');
  return path.startsWith('../') ? basename(file) : path;
}
