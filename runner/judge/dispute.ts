import type { Dispute, Profile, Requirement } from '../../protocols/common/requirement.ts';
import type { Checkpoint, Finding } from '../results/result.ts';
import type { Judgement, RequirementOf } from './judgement.ts';

/** What a rule's dispute amounts to under a profile; without one it is open. What is demanded by both sides is never in question. */
export function rulingOf(demanded: Dispute['demanded'], profile: Profile | undefined): Dispute['ruling'] {
  if (demanded === 'both' || demanded === profile) return 'binding';
  return profile === undefined ? 'open' : 'waived';
}

/** A catalogue in which every dispute is ruled by the profile. */
export function underProfile(
  requirements: ReadonlyMap<string, Requirement>,
  profile: Profile | undefined,
): ReadonlyMap<string, Requirement> {
  const ruled = (requirement: Requirement): Requirement => {
    const { disputed } = requirement;
    return disputed === undefined
      ? requirement
      : { ...requirement, disputed: { ...disputed, ruling: rulingOf(disputed.demanded, profile) } };
  };
  return new Map([...requirements].map(([id, requirement]) => [id, ruled(requirement)]));
}

/** What the judges said, with findings of disputed rules made questions or left out. A checkpoint whose findings are left out is waived. */
export function settleDisputes({ findings, checkpoints }: Judgement, requirementOf: RequirementOf): Judgement {
  const settled = findings.map((finding) => ({ finding, dispute: disputeOf(finding, requirementOf) }));
  const waived = new Set(settled.flatMap(({ finding, dispute }) => (dispute?.ruling === 'waived' ? [finding.checkpoint] : [])));
  const kept = settled.flatMap(({ finding, dispute }): Finding[] => {
    if (dispute === undefined || dispute.ruling === 'binding') return [finding];
    if (dispute.ruling === 'waived') return [];
    const { spec, official, demanded } = dispute;
    return [{ ...finding, question: { spec, official, demanded: demanded === 'official' ? 'official' : 'spec' } }];
  });
  const standing = new Set(kept.map((finding) => finding.checkpoint));
  const after = checkpoints.map(
    (checkpoint): Checkpoint =>
      waived.has(checkpoint.id) && !standing.has(checkpoint.id) ? { ...checkpoint, outcome: 'waived' } : checkpoint,
  );
  return { findings: kept, checkpoints: after };
}

function disputeOf({ judge, requirement }: Finding, requirementOf: RequirementOf): Dispute | undefined {
  return judge === 'harness' || requirement === undefined ? undefined : requirementOf(requirement)?.disputed;
}
