import fc from 'fast-check';
import type { Role } from '../../protocols/common/frame.ts';
import { CHECKING } from '../cases/checking.ts';
import { shortest } from '../distil/shortest.ts';
import type { Completed } from '../execute/case-run.ts';
import type { Finding, Verdict } from '../results/result.ts';
import { seedOf } from '../seed-of.ts';
import type { Attempt } from './attempt.ts';
import { scenarios } from './generate.ts';
import type { Scenario } from './scenario.ts';
import { caseText, HOSTILE } from './to-case.ts';
import { unfold } from './unfold.ts';
import type { Words } from './words.ts';

/** What a campaign tries, and how long. */
export interface CampaignPlan {
  readonly words: Words;
  readonly seed: number;
  /** Taken in turn, scenario by scenario. */
  readonly roles: readonly Role[];
  readonly bindings: readonly string[];
  /** The number of the first scenario, and that behind the last. */
  readonly first?: number;
  readonly runs: number;
  /** Asked before each scenario; true ends the campaign. */
  readonly over: () => boolean;
  /** Scenarios at a time. */
  readonly concurrency: number;
  /** Whether the ends have a feature, where the implementation plays that role. */
  readonly has: (role: Role, feature: string) => boolean;
  /** The kind of call that a procedure is, where the services have it. */
  readonly kindOf: (procedure: string) => string | undefined;
  /** Fingerprints of findings that are no news. */
  readonly known: (fingerprint: string) => boolean;
  readonly attempt: Attempt;
  /**
   * The reference pair under several seeds, where something else is under test: a scenario that one of these does not get
   * through says nothing. Empty where the pair itself is under test; hostile scenarios are then judged by the invariants alone.
   */
  readonly references: readonly Attempt[];
  /** Whether chance has a hand in what happens, so that a failure counts only when it comes twice. */
  readonly chancy: boolean;
}

/** A scenario of a campaign: which one of the seed's it is, and the axes it runs under. */
export interface Trial {
  /** From 0. */
  readonly index: number;
  readonly role: Role;
  readonly binding: string;
}

/** A scenario that did not pass. */
export interface Failure extends Trial {
  readonly completed: Completed;
}

/** What a campaign came to. */
export interface CampaignOutcome {
  /** Scenarios that were run. */
  readonly runs: number;
  /** The number of the scenario with which it would go on. */
  readonly next: number;
  /** Those with news, the earliest first: several where more than one was on the way. */
  readonly failures: readonly Failure[];
  /** How many scenarios failed for nothing but what is known, by the fingerprint that weighed most. */
  readonly known: ReadonlyMap<string, number>;
}

/** Runs one scenario after the other until one fails with news, time is over, or all were run; over what is known it goes on. */
export async function campaign(plan: CampaignPlan): Promise<CampaignOutcome> {
  const arbitrary = scenarios(plan.words);
  let next = plan.first ?? 0;
  let runs = 0;
  const failures: Failure[] = [];
  const known = new Map<string, number>();
  const worker = async (): Promise<void> => {
    while (failures.length === 0 && next < plan.runs && !plan.over()) {
      const trial = trialOf(plan, next);
      next += 1;
      const text = textOf(scenarioOf(arbitrary, plan.seed, trial.index), trial, plan);
      const completed = await plan.attempt(text, axesOf(trial, plan.seed));
      runs += 1;
      const old = oldIn(completed, plan)?.fingerprint;
      if (old !== undefined) known.set(old, (known.get(old) ?? 0) + 1);
      if (newsOf(completed, plan) !== undefined && (await confirmed(plan, text, trial, completed))) failures.push({ ...trial, completed });
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, plan.concurrency) }, worker));
  // In order, so that the same seed tells of the same failure however many run at a time.
  return { runs, next, failures: failures.toSorted((a, b) => a.index - b.index), known };
}

/** The first finding of a scenario that failed without any news. */
function oldIn(completed: Completed, plan: CampaignPlan): Finding | undefined {
  if (isGood(completed.judged.verdict) || newsOf(completed, plan) !== undefined) return undefined;
  return completed.judged.findings.find(({ fingerprint, question }) => question === undefined && plan.known(fingerprint));
}

/** The first finding that is news. */
export function newsOf(
  { judged, golden, assignment }: Completed,
  { known, references, chancy }: Pick<CampaignPlan, 'known' | 'references' | 'chancy'>,
): Finding | undefined {
  if (isGood(judged.verdict)) return undefined;
  const news = judged.findings.filter(({ fingerprint, question }) => question === undefined && !known(fingerprint));
  if (!assignment.case.tags.includes(HOSTILE)) return news[0];
  // Where anything goes, steps that even the reference pair cannot carry out say nothing; of the pair itself only the rules do.
  if (!compares({ references, chancy })) return news.find(({ checkpoint }) => checkpoint.startsWith('invariant:'));
  return golden.ok ? news[0] : undefined;
}

/** Whether the wire of hostile scenarios is compared with the reference pair's: not with itself, and not where chance decides races. */
function compares({ references, chancy }: Pick<CampaignPlan, 'references' | 'chancy'>): boolean {
  return references.length > 0 && !chancy;
}

/** Whether a failure is sure: it comes again, and not with the reference pair. */
async function confirmed(plan: CampaignPlan, text: string, trial: Trial, completed: Completed): Promise<boolean> {
  const axes = axesOf(trial, plan.seed);
  for (const reference of plan.references) if (!isGood((await reference(text, axes)).judged.verdict)) return false;
  if (!plan.chancy) return true;
  return causeOf(newsOf(await plan.attempt(text, axes), plan)) === causeOf(newsOf(completed, plan));
}

function isGood(verdict: Verdict): boolean {
  return verdict !== 'fail' && verdict !== 'error';
}

/** A failure made as small as it gets. */
export interface Shrunk {
  readonly text: string;
  readonly completed: Completed;
  /** Smaller scenarios that were tried. */
  readonly tried: number;
}

/** Looks for the smallest scenario that fails with the same judge's finding, until `over`. */
export async function shrink(plan: CampaignPlan, failure: Failure, over: () => boolean): Promise<Shrunk> {
  const arbitrary = scenarios(plan.words);
  const wanted = causeOf(newsOf(failure.completed, plan));
  const whole = scenarioOf(arbitrary, plan.seed, failure.index);
  let smallest = { scenario: whole, text: textOf(whole, failure, plan), completed: failure.completed };
  let tried = 0;
  const fails = async (scenario: Scenario, upTo?: number): Promise<boolean> => {
    if (tried > 0 && over()) return false;
    tried += 1;
    const text = textOf(scenario, failure, plan, upTo);
    const completed = await plan.attempt(text, axesOf(failure, plan.seed));
    if (causeOf(newsOf(completed, plan)) !== wanted || !(await confirmed(plan, text, failure, completed))) return false;
    smallest = { scenario, text, completed };
    return true;
  };
  await fc.check(
    fc.asyncProperty(arbitrary, async (scenario) => !(await fails(scenario))),
    parametersOf(plan.seed, failure.index),
  );
  // fast-check leaves out what a list begins with; what stands in its middle or at its end may be needless too.
  await shortest(smallest.scenario.commands, (commands) => fails({ ...smallest.scenario, commands }), over);
  // What comes after the step that fails is never reached.
  const step = newsOf(smallest.completed, plan)?.step;
  if (step !== undefined) await fails(smallest.scenario, step + 1);
  return { text: smallest.text, completed: smallest.completed, tried };
}

/** Judge and requirement: what a failure must keep while it shrinks. */
function causeOf(finding: Finding | undefined): string | undefined {
  return finding === undefined ? undefined : `${finding.judge} ${finding.requirement ?? finding.fingerprint}`;
}

/** The scenario of that number under a seed: always the same. */
export function scenarioOf(arbitrary: fc.Arbitrary<Scenario>, seed: number, index: number): Scenario {
  const [scenario] = fc.sample(arbitrary, parametersOf(seed, index));
  if (scenario === undefined) throw new Error('nothing was generated');
  return scenario;
}

function parametersOf(seed: number, index: number): { seed: number; numRuns: 1; unbiased: true } {
  return { seed: seedOf(seed, `scenario ${index}`) | 0, numRuns: 1, unbiased: true };
}

function trialOf({ roles, bindings }: CampaignPlan, index: number): Trial {
  const role = roles[index % roles.length];
  const binding = bindings[Math.floor(index / roles.length) % bindings.length];
  if (role === undefined || binding === undefined) throw new Error('a campaign needs a role and a binding');
  return { index, role, binding };
}

/** Id of a case that only a campaign knows. */
function axesOf({ index, role, binding }: Trial, seed: number): Parameters<Attempt>[1] {
  return { id: `fuzz/${seed}-${index}`, role, binding };
}

function textOf(scenario: Scenario, trial: Trial, { words, seed, has, kindOf, references, chancy }: CampaignPlan, upTo?: number): string {
  const { index, role, binding } = trial;
  const whole = unfold(scenario, words, { underTest: role, has: (feature) => has(role, feature), kindOf, steady: !chancy });
  const unfolded = upTo === undefined ? whole : { ...whole, steps: begun(whole.steps, upTo), connections: undefined };
  return caseText(unfolded, words, {
    role,
    binding,
    compares: compares({ references, chancy }),
    title: 'A generated scenario: every call is answered exactly once and in order',
    note: `Generated by weir fuzz, seed ${seed}, scenario ${index}.`,
  });
}

/** So many of the steps, and at least those up to the first that checks something: else they are no case. */
function begun<T extends object>(steps: readonly T[], count: number): readonly T[] {
  const first = steps.findIndex((step) => Object.keys(step).some((kind) => CHECKING.has(kind)));
  return steps.slice(0, Math.max(count, first + 1));
}
