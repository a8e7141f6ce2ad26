import { DEFAULT_WITHIN_MS } from '../cases/grammar-words.ts';
import { judges, type Step } from '../cases/step.ts';
import type { StepOutcome } from '../execute/playing.ts';
import type { Checkpoint, Finding } from '../results/result.ts';
import { fingerprint, isBinding, type Judgement, levelOf, type RequirementOf } from './judgement.ts';

/**
 * Turns the outcomes of the steps into checkpoints and findings. Damage to what an application reads is a MUST whatever the rule:
 * a changed value always, a missing one where the other end (`peer`) did nothing that excuses it.
 */
export function judgeSteps(
  steps: readonly Step[],
  outcomes: readonly StepOutcome[],
  requirement: string | undefined,
  requirementOf: RequirementOf,
  peer: 'conforms' | 'scripted',
): Judgement {
  const checkpoints: Checkpoint[] = [];
  const findings: Finding[] = [];
  for (const step of steps) {
    const outcome = outcomes[step.index];
    const judged = step.requirement ?? requirement;
    const id = `step:${step.index}`;
    if (judges(step.action)) {
      checkpoints.push({
        id,
        judge: 'expectation',
        requirements: judged === undefined ? [] : [judged],
        outcome: outcome === undefined || isConsequence(outcome) ? 'not-reached' : outcome.ok ? 'held' : 'broken',
      });
    }
    if (outcome === undefined || outcome.ok || outcome.follows) continue;
    const { damage } = outcome;
    const harm = damage === 'changed' || peer === 'conforms' ? damage : undefined;
    const level = levelOf(requirementOf, judged);
    findings.push({
      judge: 'expectation',
      checkpoint: id,
      ...(judged === undefined ? {} : { requirement: judged }),
      ...(harm === undefined || isBinding(level) ? { level } : { level: 'MUST', harm }),
      message: outcome.message,
      ...(isTimed(step.action, outcome.field) ? { timed: true } : {}),
      step: step.index,
      events: [...outcome.events],
      fingerprint: fingerprint('expectation', judged, step.action.kind, outcome.field),
    });
  }
  return { checkpoints, findings };
}

/** It broke, and an earlier step that broke may be why. */
function isConsequence(outcome: StepOutcome): boolean {
  return !outcome.ok && outcome.follows === true;
}

/** Whether it broke by a time that the case states, rather than since something never came. */
function isTimed(action: Step['action'], field: string): boolean {
  if (field === 'too-early') return true;
  return field === 'timeout' && 'within' in action && action.within !== DEFAULT_WITHIN_MS;
}
