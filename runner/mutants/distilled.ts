import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Protocol } from '../../protocols/common/protocol.ts';
import type { Corpus } from '../cases/case.ts';
import { bareTrace } from '../distil/bare.ts';
import { type DistilBench, type Distilled, distilOneOf } from '../distil/distil.ts';
import type { Draft } from '../distil/draft.ts';
import { draftFromCase } from '../distil/from-case.ts';
import { draftsFromWire } from '../distil/from-wire.ts';
import { headOf, wantedOf } from '../distil/recorded.ts';
import type { Completed, CorpusRun } from '../execute/case-run.ts';
import { alwaysInProcess, type ReferenceEnds } from '../execute/reference-ends.ts';
import { type Attempt, attempts, type Bench } from '../fuzz/attempt.ts';
import { loadWords, type Words } from '../fuzz/words.ts';
import { packageRoot } from '../package-root.ts';
import type { Source } from './trial.ts';

/** What came of distilling the run that noticed a patched peer. */
export interface DistilledRun {
  /** How it is told: how many steps, or why not. */
  readonly remark: string;
  /** What came of the distilled case with the patched peer; undefined where there is no such case. */
  readonly completed: Completed | undefined;
}

/** Longest that a case is made shorter, ms: a thread that says nothing for longer is taken for hung. */
export const SHORTENING_MS = 3000;

/** Distils a run that noticed a patched peer, from what somebody who recorded it would have, and runs the case with that peer. */
export async function distilled(
  protocol: Protocol,
  corpus: Corpus,
  run: Omit<CorpusRun, 'protocol' | 'requirements' | 'procedureKinds' | 'concurrency' | 'stopped'>,
  ends: { readonly reference: ReferenceEnds; readonly patched: ReferenceEnds },
  noticed: Completed,
  source: Source,
  shorteningMs: number,
): Promise<DistilledRun> {
  const base: Bench = { protocol, catalogue: corpus, run };
  const withPair = (seed: number): Attempt =>
    attempts({ ...base, run: { ...run, withEnds: alwaysInProcess(ends.reference), seed } }, 'needed');
  const conforming = [withPair(run.seed), withPair(run.seed + 1)];
  const accused = attempts({ ...base, run: { ...run, withEnds: alwaysInProcess(ends.patched) } }, 'needed');
  const { drafts, wanted } = draftsOf(protocol, corpus, noticed, source);
  const began = run.now();
  const bench: DistilBench = { conforming, accused, over: () => run.now() - began >= shorteningMs };
  const reads = source === 'case' ? undefined : { handlers: wordsOf(protocol).features.handlers };
  const outcome = await distilOneOf(drafts, wanted, bench, reads);
  if (!outcome.ok) return { remark: `the reference pair does not get through: ${outcome.reason}`, completed: undefined };
  const { made } = outcome;
  return { remark: told(made), completed: made.shown === 'shown' || made.shown === 'otherwise' ? made.completed : undefined };
}

function wordsOf({ name }: Protocol): Words {
  return loadWords(join(packageRoot(), 'cases', name, 'fuzz.yaml'));
}

function told({ shown, before, draft, text }: Distilled): string {
  return `${shown}, ${before} → ${draft.written.steps.length} steps\n${text}`;
}

function draftsOf(
  protocol: Protocol,
  corpus: Corpus,
  noticed: Completed,
  source: Source,
): { drafts: readonly [Draft, ...Draft[]]; wanted: ReturnType<typeof wantedOf> } {
  const { assignment, performance, judged } = noticed;
  const { role, binding, case: loaded } = assignment;
  if (performance === undefined) throw new Error(`${assignment.id}: nothing was recorded`);
  if (source === 'case') {
    const text = readFileSync(loaded.file, 'utf8');
    const draft = draftFromCase({ id: loaded.id, file: loaded.file, text, role, binding }, protocol);
    return { drafts: [draft], wanted: judged.findings.find(({ question }) => question === undefined) ?? judged.findings[0] };
  }
  const bare = source === 'wire';
  const trace = bare ? bareTrace(performance.trace) : performance.trace;
  const facts = bare
    ? {
        binding,
        clientIds: [],
        serverId: performance.facts.serverId,
        timers: protocol.timers,
        procedureKinds: corpus.procedureKinds,
        scripted: [],
      }
    : performance.facts;
  const wanted = wantedOf(protocol, trace, { ...facts, scripted: [] }, role, corpus.requirements);
  const words = wordsOf(protocol);
  const head = headOf(wanted, words.requirements);
  const until = wanted?.events.reduce((last, n) => Math.max(last, n), 0);
  return {
    drafts: draftsFromWire(protocol, { trace, role, facts, calls: bare ? [] : performance.calls, timeScale: 1, until }, words, head),
    wanted,
  };
}
