import { judges, type Step } from '../cases/step.ts';
import type { StepOutcome } from '../execute/playing.ts';
import type { Checkpoint, Finding } from '../results/result.ts';
import { fingerprint, type Judgement, levelOf, type RequirementOf } from './judgement.ts';

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
    if (judges(step.action)) {
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
