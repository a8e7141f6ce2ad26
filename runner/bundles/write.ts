import { basename, isAbsolute, relative } from 'node:path';
import type { Protocol } from '../../protocols/common/protocol.ts';
import type { Profile } from '../../protocols/common/requirement.ts';
import { isPlainObject, type Tagged, toTagged } from '../../protocols/common/value.ts';
import { AdapterError } from '../adapters/error.ts';
import type { LoadedCase } from '../cases/case.ts';
import type { Completed } from '../execute/corpus-run.ts';
import type { Performance } from '../execute/perform.ts';
import type { PlannedRun } from '../plan/plan.ts';
import { endName } from '../results/assemble.ts';
import type { CaseRun } from '../results/result.ts';
import { recordsOf, traceRecord } from '../results/trace-record.ts';
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
  /** Folder of the package: case files are named relative to it. */
  readonly root: string;
}

/** The lines of a trace file, made as they are asked for: a head that lets it be judged on its own, then the events. Secrets are masked. */
export function* traceLines(planned: PlannedRun, performance: Performance, leaving: Leaving): Generator<object> {
  const { protocol, version, timeScale } = leaving;
  const head: TraceHead = {
    'weir-trace': 1,
    weir: version,
    protocol: protocol.name,
    run: planned.id,
    case: planned.case.id,
    role: planned.role,
    codec: planned.codec,
    timeScale,
    ...contextOf(performance, protocol),
  };
  yield head;
  for (const event of performance.wholeTrace) yield traceRecord(event, protocol, planned.codec);
}

/** The bundle of a run; `caseText` is the text of its case file. Secrets are masked. */
export function bundleOf(planned: PlannedRun, completed: Completed, run: CaseRun, caseText: string, leaving: Leaving): Bundle {
  const { protocol, implementation, world, timeScale, seed, strict, profile } = leaving;
  const { performance, golden } = completed;
  return {
    schema: 'weir-bundle/1',
    weir: leaving.version,
    protocol: protocol.name,
    run: planned.id,
    case: { id: planned.case.id, file: within(leaving.root, planned.case.file), text: caseText },
    role: planned.role,
    codec: planned.codec,
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
    ...(completed.stderr === undefined ? {} : { stderr: completed.stderr }),
    ...(performance === undefined ? {} : { observed: observedOf(planned, performance, protocol) }),
    golden: golden.ok ? { ok: true, trace: recordsOf(golden.trace ?? [], protocol, planned.codec) } : { ok: false, reason: golden.reason },
  };
}

function observedOf(planned: PlannedRun, performance: Performance, protocol: Protocol): NonNullable<Bundle['observed']> {
  const { outcomes, failure } = performance.played;
  return {
    ...contextOf(performance, protocol),
    outcomes: outcomes.map((outcome) => (outcome.ok ? { ok: true } : { ...outcome, events: [...outcome.events] })),
    ...(failure === undefined ? {} : { failure: { step: failure.step, ...failureOf(failure.error) } }),
    streams: scriptedStreams(planned.case, performance),
    strays: [...performance.strays],
    trace: recordsOf(performance.wholeTrace, protocol, planned.codec),
  };
}

function contextOf({ facts, calls, trace }: Performance, protocol: Protocol): Pick<TraceHead, 'facts' | 'calls' | 'closing'> {
  const plain = (value: object): { [key: string]: Tagged } => toTagged(value) as { [key: string]: Tagged };
  return {
    // Both are of the form that the grammar describes, for that form was taken from them.
    facts: plain(facts) as TraceHead['facts'],
    calls: calls.map(({ call, client, clientId, procedure, init }) =>
      plain({ call, client, ...(clientId === undefined ? {} : { clientId }), procedure, init: protocol.redact(init) }),
    ) as TraceHead['calls'],
    closing: trace.length,
  };
}

function failureOf(error: unknown): Pick<NonNullable<NonNullable<Bundle['observed']>['failure']>, 'message' | 'adapter'> {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof AdapterError)) return { message };
  const { kind, method } = error.facts;
  return { message, adapter: { kind, ...(method === undefined ? {} : { method }) } };
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
