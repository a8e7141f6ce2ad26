import type { Protocol } from '../../protocols/common/protocol.ts';
import type { LoadedCase } from '../cases/case.ts';
import { judges } from '../cases/step.ts';
import type { Performance } from '../execute/performance.ts';
import type { Finding } from '../results/result.ts';
import type { Judged } from './judge-run.ts';
import { verdictOf } from './verdict.ts';

/** What may be lost in a whole run without anything hanging on it, nominal ms: half of what no case may judge tighter than. */
const HARMLESS_MS = 250;

/** The part of a bound that may be lost while it is waited for. */
const HARMLESS_PART = 1 / 4;

/** Outcomes of steps that come of too much time, or too little; others say what was seen, whenever that was. */
const TIMED = new Set([
  'timeout',
  'broker',
  'too-early',
  'unopened',
  'error',
  'ok',
  'ended',
  'no-error',
  'surplus',
  'by',
  'frame',
  'connection',
  'close',
  'message',
  'handler',
  'count',
  'missing',
  'extra',
  'order',
]);

/** Those of steps that have waited as long as they may. */
const IN_VAIN = new Set(['timeout', 'broker']);

/** How long ms of the protocol take in a world. */
interface Pace {
  readonly timeScale: number;
}

/** A run, as far as it says who was late for what. */
export interface TimedRun {
  readonly performance: Pick<Performance, 'played' | 'punctuality'>;
  readonly loaded: Pick<LoadedCase, 'steps'>;
  readonly protocol: Pick<Protocol, 'timedInvariants'>;
  readonly world: Pace;
}

/**
 * Why nothing is to be said of a run that did not pass: each of its findings rests on how long something took, and the runner or the
 * adapter was not punctual. Undefined where one finding stands whatever the clock was, or everyone was in time.
 */
export function tooSlowToTell({ verdict, findings }: Pick<Judged, 'verdict' | 'findings'>, run: TimedRun): string | undefined {
  if (verdict === 'pass' || verdict === 'skip' || verdict === 'unclear') return undefined;
  const { lost, fresh } = run.performance.punctuality;
  if (!fresh && lost.runner + lost.adapter === 0) return undefined;
  const isLate = latenessOf(run);
  if (!findings.every(isLate)) return undefined;
  const late = [
    ...(lost.runner > 0 ? [`the runner lost ${Math.round(lost.runner)} ms`] : []),
    ...(lost.adapter > 0 ? [`the adapter ${Math.round(lost.adapter)} ms`] : []),
    ...(fresh ? ['it was the first run of its process'] : []),
  ];
  return `this machine is too slow to tell: ${late.join(', ')}`;
}

/**
 * A verdict without what was said of a reference peer that was late since the runner was. The rest is told for what it is: else a machine
 * that is busy makes an error of whatever an implementation got wrong. Where nothing else was found it stays (`tooSlowToTell` says why).
 */
export function withoutLatePeers(judged: Judged, run: TimedRun, strict: boolean): Judged {
  if (judged.verdict !== 'error') return judged;
  const isLate = latenessOf(run);
  const findings = judged.findings.filter((finding) => finding.judge !== 'harness' || !isLate(finding));
  if (findings.length === judged.findings.length || findings.length === 0) return judged;
  return { ...judged, findings, verdict: verdictOf(findings, judged.checkpoints, strict) };
}

/**
 * A verdict without what rests on how long something took, where the runner or the adapter lost more than that bears and something else
 * makes the same verdict: on a machine that is busy, a rule that was kept late must not stand beside what an implementation is known to get
 * wrong. For a run whose second look this is; of a first one what is doubtful is looked at again.
 */
export function withoutLateFindings(judged: Judged, run: TimedRun, strict: boolean): Judged {
  // That a process is new says nothing of who else was late: it is new in each run apart.
  const { performance } = run;
  const isLate = latenessOf({ ...run, performance: { ...performance, punctuality: { ...performance.punctuality, fresh: false } } });
  const findings = judged.findings.filter((finding) => !isLate(finding));
  const isSame = findings.length > 0 && verdictOf(findings, judged.checkpoints, strict) === judged.verdict;
  return isSame ? { ...judged, findings } : judged;
}

/** Whether everyone was in time for what findings rest on. */
export type Timeliness = 'in-time' | 'late' | 'unknown';

/** How timely everyone was for each finding that rests on how long something took. A new process may have taken the time itself. */
export function timelinessOf({ findings }: Pick<Judged, 'findings'>, run: TimedRun): Timeliness {
  const isLate = run.performance.punctuality.fresh || findings.some(latenessOf(run));
  return isLate ? 'late' : 'in-time';
}

/** Whether nobody lost more in a whole run than is of no account, and no process was new. */
export function wasPunctual({ punctuality: { lost, fresh } }: Pick<Performance, 'punctuality'>, world: Pace): boolean {
  return !fresh && lost.runner + lost.adapter <= HARMLESS_MS * world.timeScale;
}

/** Tells of findings whether they rest on time, and somebody was too late for that. */
function latenessOf({ performance: { played, punctuality }, loaded, protocol, world }: TimedRun): (finding: Finding) => boolean {
  const { lost, fresh } = punctuality;
  return (finding) => isTimed(finding, protocol) && (fresh || lostFor(finding) > harmlessFor(finding));

  function lostFor({ step }: Finding): number {
    return waitOf(step) === undefined ? lost.runner + lost.adapter : (punctuality.steps[step ?? -1] ?? 0);
  }

  function harmlessFor({ step }: Finding): number {
    const wait = waitOf(step);
    return wait === undefined ? HARMLESS_MS * world.timeScale : Math.max(wait * HARMLESS_PART, HARMLESS_MS * world.timeScale);
  }

  /** How long a step has waited in vain, ms of the world; undefined where it did not. */
  function waitOf(step: number | undefined): number | undefined {
    const outcome = step === undefined ? undefined : played.outcomes[step];
    const action = step === undefined ? undefined : loaded.steps[step]?.action;
    if (outcome === undefined || outcome.ok || !IN_VAIN.has(outcome.field) || action === undefined || !judges(action)) return undefined;
    return 'within' in action ? Math.max(action.within * world.timeScale, 0) : undefined;
  }
}

/** Whether a finding says how long something took, or what had come by then, so that it may come of somebody's being late. */
export function isTimed(
  finding: Pick<Finding, 'judge' | 'checkpoint' | 'fingerprint'>,
  { timedInvariants = [] }: Pick<Protocol, 'timedInvariants'>,
): boolean {
  const field = finding.fingerprint.split('/').at(-1) ?? '';
  switch (finding.judge) {
    case 'expectation':
    case 'trace':
    case 'binding':
      return TIMED.has(field);
    case 'invariant':
    // A reference peer is late where the runner is, too.
    case 'harness':
      return timedInvariants.some((name) => finding.checkpoint === `invariant:${name}`);
    case 'wire':
      // Nothing came as long as it was waited for.
      return field === 'missing';
    case 'carrier':
    case 'adapter':
      return false;
  }
}
