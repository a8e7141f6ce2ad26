import type { Role } from '../../protocols/common/frame.ts';
import type { NormalisedTrace, VariationRule } from '../../protocols/common/normalise.ts';
import type { Checkpoint, Finding } from '../results/result.ts';
import { fingerprint, type Judgement, levelOf, type RequirementOf } from './judgement.ts';
import { compareTraces, type Divergence, type TraceComparison } from './trace-diff.ts';

/** What the comparison with the golden trace says. */
export interface TraceJudgement extends Judgement {
  readonly comparison: TraceComparison;
}

/**
 * Compares what the role under test sent with what the reference peer sends in the same case. What the other end sent is
 * compared too, but only as evidence: it follows from the first.
 */
export function judgeTrace(
  observed: NormalisedTrace,
  golden: NormalisedTrace,
  rules: readonly VariationRule[],
  kindOf: (laneName: string) => string | undefined,
  role: Role,
  requirement: string | undefined,
  requirementOf: RequirementOf,
): TraceJudgement {
  const comparison = compareTraces(observed, golden, rules, kindOf);
  const own = comparison.divergences.filter((divergence) => divergence.from === role);
  const checkpoints: Checkpoint[] = [
    {
      id: 'trace',
      judge: 'trace',
      requirements: requirement === undefined ? [] : [requirement],
      outcome: own.length > 0 ? 'broken' : 'held',
    },
  ];
  return { comparison, checkpoints, findings: own.map((divergence) => toFinding(divergence, requirement, requirementOf)) };
}

function toFinding(divergence: Divergence, requirement: string | undefined, requirementOf: RequirementOf): Finding {
  const kind = divergence.observed?.kind ?? divergence.golden?.kind ?? 'nothing';
  return {
    judge: 'trace',
    checkpoint: 'trace',
    ...(requirement === undefined ? {} : { requirement }),
    level: levelOf(requirementOf, requirement),
    message: divergence.message,
    events: [...(divergence.observed?.events ?? [])],
    fingerprint: fingerprint('trace', requirement, kind, divergence.field),
  };
}
