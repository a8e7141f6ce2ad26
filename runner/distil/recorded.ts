import type { Role } from '../../protocols/common/frame.ts';
import type { RunFacts } from '../../protocols/common/invariant.ts';
import type { Protocol } from '../../protocols/common/protocol.ts';
import type { Requirement } from '../../protocols/common/requirement.ts';
import type { Trace } from '../../protocols/common/trace.ts';
import type { WrittenCase } from '../cases/write.ts';
import { judgeInvariants } from '../judge/invariant-judge.ts';
import { byWeight } from '../judge/verdict.ts';
import type { Finding } from '../results/result.ts';

/** What the rules find in a recorded trace against one end: the weightiest first, questions last. */
export function findingsIn(
  protocol: Protocol,
  trace: Trace,
  facts: RunFacts,
  role: Role,
  requirements: ReadonlyMap<string, Requirement>,
): readonly Finding[] {
  const { findings } = judgeInvariants(protocol, trace, facts, role, (id) => requirements.get(id));
  const sorted = byWeight(findings);
  return [...sorted.filter(({ question }) => question === undefined), ...sorted.filter(({ question }) => question !== undefined)];
}

/** The finding that a case of the trace should show: the first that is none to argue about; undefined where the rules find nothing. */
export function wantedOf(...given: Parameters<typeof findingsIn>): Finding | undefined {
  return findingsIn(...given)[0];
}

/** What a case of recorded traffic says of itself. `general`: the rules that it is about where no finding names one. */
export function headOf(finding: Finding | undefined, general: readonly string[], note?: string): Omit<WrittenCase, 'steps'> {
  const { requirement } = finding ?? {};
  return {
    title:
      requirement === undefined ? 'What was recorded goes as it does between conforming ends' : `What was recorded keeps to ${requirement}`,
    requirements: requirement === undefined ? general : [requirement],
    trace: 'equivalent',
    note,
  };
}
