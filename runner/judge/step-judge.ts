import type { Step } from '../cases/step.ts';
import type { StepOutcome } from '../execute/playing.ts';
import type { Checkpoint, Finding } from '../results/result.ts';
import { fingerprint, type Judgement, levelOf, type RequirementOf } from './judgement.ts';

/** Whether a step judges something, rather than only doing it. */
export function judges(step: Step): boolean {
  switch (step.action.kind) {
    case 'receive':
    case 'end':
    case 'status':
    case 'handler':
    case 'closed':
    case 'opened':
    case 'await':
    case 'quiet':
      return true;
    case 'connect':
    case 'invoke':
    case 'send':
    case 'finish':
    case 'cancel':
    case 'disconnect':
    case 'fault':
    case 'toxic':
    case 'peer':
      return false;
  }
}

/** Turns the outcomes of the steps into checkpoints and findings. */
export function judgeSteps(
  steps: readonly Step[],
  outcomes: readonly StepOutcome[],
  requirement: string | undefined,
  requirementOf: RequirementOf,
): Judgement {
  const checkpoints: Checkpoint[] = [];
  const findings: Finding[] = [];
  for (const step of steps) {
    const outcome = outcomes[step.index];
    const judged = step.requirement ?? requirement;
    const id = `step:${step.index}`;
    if (judges(step)) {
      checkpoints.push({
        id,
        judge: 'expectation',
        requirements: judged === undefined ? [] : [judged],
        outcome: outcome === undefined ? 'not-reached' : outcome.ok ? 'held' : 'broken',
      });
    }
    if (outcome === undefined || outcome.ok) continue;
    findings.push({
      judge: 'expectation',
      checkpoint: id,
      ...(judged === undefined ? {} : { requirement: judged }),
      level: levelOf(requirementOf, judged),
      message: outcome.message,
      step: step.index,
      events: [...outcome.events],
      fingerprint: fingerprint('expectation', judged, step.action.kind, outcome.field),
    });
  }
  return { checkpoints, findings };
}
