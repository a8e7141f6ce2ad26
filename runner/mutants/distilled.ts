import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Protocol } from '../../protocols/common/protocol.ts';
import type { Corpus } from '../cases/case.ts';
import { bareTrace } from '../distil/bare.ts';
import { type Distilled, distil } from '../distil/distil.ts';
import type { Draft } from '../distil/draft.ts';
import { fit } from '../distil/fit.ts';
import { draftFromCase } from '../distil/from-case.ts';
import { draftFromWire } from '../distil/from-wire.ts';
import { headOf, wantedOf } from '../distil/recorded.ts';
import type { Completed, CorpusRun } from '../execute/corpus-run.ts';
import { alwaysInProcess, type ReferenceEnds } from '../execute/reference-ends.ts';
import { type Attempt, attempts, type Bench } from '../fuzz/attempt.ts';
import { loadWords } from '../fuzz/words.ts';
import { packageRoot } from '../package-root.ts';
import type { Source } from './trial.ts';

/** What came of distilling the run that noticed a patched peer. */
export interface DistilledRun {
  /** How it is told: how many steps, or why not. */
  readonly remark: string;
  /** What came of the distilled case with the patched peer; undefined where there is no such case. */
  readonly completed: Completed | undefined;
}

/** Distils a run that noticed a patched peer, from what somebody who recorded it would have, and runs the case with that peer. */
export async function distilled(
  protocol: Protocol,
  corpus: Corpus,
  run: Omit<CorpusRun, 'protocol' | 'requirements' | 'procedureKinds' | 'concurrency' | 'stopped'>,
  ends: { readonly reference: ReferenceEnds; readonly patched: ReferenceEnds },
  noticed: Completed,
  source: Source,
): Promise<DistilledRun> {
  const bench: Bench = { protocol, catalogue: corpus, run };
  const withPair = (seed: number): Attempt =>
    attempts({ ...bench, run: { ...run, withEnds: alwaysInProcess(ends.reference), seed } }, 'needed');
  const conforming = [withPair(run.seed), withPair(run.seed + 1)];
  const accused = attempts({ ...bench, run: { ...run, withEnds: alwaysInProcess(ends.patched) } }, 'needed');
  const { draft, wanted } = draftOf(protocol, corpus, noticed, source);
  const fitted = await fit(draft, source === 'case' ? { conforming, reads: false } : { conforming, reads: true });
  if (!fitted.ok) return { remark: `the reference pair does not get through: ${fitted.reason}`, completed: undefined };
  const made = await distil(fitted.draft, wanted, { conforming, accused, over: () => false });
  return { remark: told(made), completed: made.shown === 'shown' || made.shown === 'otherwise' ? made.completed : undefined };
}

function told({ shown, before, draft, text }: Distilled): string {
  return `${shown}, ${before} → ${draft.written.steps.length} steps\n${text}`;
}

function draftOf(
  protocol: Protocol,
  corpus: Corpus,
  noticed: Completed,
  source: Source,
): { draft: Draft; wanted: ReturnType<typeof wantedOf> } {
  const { assignment, performance, judged } = noticed;
  const { role, binding, case: loaded } = assignment;
  if (performance === undefined) throw new Error(`${assignment.id}: nothing was recorded`);
  if (source === 'case') {
    const text = readFileSync(loaded.file, 'utf8');
    const draft = draftFromCase({ id: loaded.id, file: loaded.file, text, role, binding }, protocol.silenceMs ?? 0);
    return { draft, wanted: judged.findings.find(({ question }) => question === undefined) ?? judged.findings[0] };
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
  const words = loadWords(join(packageRoot(), 'cases', protocol.name, 'fuzz.yaml'));
  const head = headOf(wanted, words.requirements);
  const until = wanted?.events.reduce((last, n) => Math.max(last, n), 0);
  return {
    draft: draftFromWire(protocol, { trace, role, facts, calls: bare ? [] : performance.calls, timeScale: 1, until }, head),
    wanted,
  };
}
