import type { Role } from '../../protocols/common/frame.ts';
import type { LoadedCase } from '../cases/case.ts';
import { judgeCarrierOfStrangers } from '../judge/carrier-judge.ts';
import { judgeInvariants } from '../judge/invariant-judge.ts';
import type { Judged } from '../judge/judge-run.ts';
import type { RequirementOf } from '../judge/judgement.ts';
import { conclude } from '../judge/verdict.ts';
import type { PlannedRun } from '../plan/plan.ts';
import { runId } from '../plan/run-id.ts';
import { readContext, type TraceFile } from './format.ts';
import type { Law, Rejudged } from './law.ts';
import { lengthOf, recordedPerformance } from './recorded-performance.ts';
import { readEvents } from './records.ts';

/** A bare trace tells of no steps. */
const NOTHING_PLAYED = { played: { outcomes: [], lost: [], failure: undefined }, strays: [], streams: {} } as const;

/** Judges a role in a bare trace by the invariants, and in one of strangers by the rules of the carrier, which no case asks to be broken there. Throws an `EvidenceError` where it is malformed. */
export function judgeTraceFile(
  { head, records }: TraceFile,
  file: string,
  loaded: LoadedCase | undefined,
  role: Role,
  law: Law,
  strict: boolean,
): Rejudged {
  const { protocol, catalogue } = law;
  const wholeTrace = readEvents(records, protocol, head.binding, file);
  const context = readContext(head, file);
  const requirementOf: RequirementOf = (id) => catalogue.requirements.get(id);
  const performance = recordedPerformance(protocol, { ...context, ...NOTHING_PLAYED, wholeTrace, closing: head.closing });
  const invariants = judgeInvariants(protocol, performance.trace, performance.facts, role, requirementOf);
  const carrier = head.role === undefined ? judgeCarrierOfStrangers(performance.trace, role) : undefined;
  const judgement = {
    checkpoints: [...invariants.checkpoints, ...(carrier?.checkpoints ?? [])],
    findings: [...invariants.findings, ...(carrier?.findings ?? [])],
  };
  const judged: Judged = {
    ...conclude(judgement, requirementOf, strict),
    variations: [],
    divergences: [],
  };
  const end = (name: Role): PlannedRun['client'] => ({
    name,
    version: '',
    reference: head.facts.scripted.includes(name),
    roles: ['client', 'server'],
    bindings: [head.binding],
    features: [],
  });
  const { run, binding } = head;
  const id = head.role === undefined ? runId(run, role, binding, 1) : run;
  const assignment = { id, case: loaded ?? nameless(head.case ?? run, file), role, binding, repeat: 1 };
  return {
    planned: { ...assignment, client: end('client'), server: end('server'), skip: undefined },
    completed: {
      assignment,
      judged,
      performance,
      golden: { ok: false, reason: 'it was not asked for' },
      durationMs: lengthOf(wholeTrace),
      displaced: undefined,
      stderr: undefined,
      timeliness: 'unknown',
      unexcused: [],
      timeScale: head.timeScale,
    },
  };
}

/** Stands for the case of a trace where the corpus has none of that name. */
function nameless(id: string, file: string): LoadedCase {
  return {
    id,
    title: `the trace in ${file}`,
    file,
    requirements: [],
    tags: [],
    aliases: [],
    roles: ['client', 'server'],
    needs: [],
    bindings: undefined,
    server: { serverId: undefined, timers: {}, options: {} },
    steps: [],
    expect: [],
    trace: 'free',
    note: undefined,
  };
}
