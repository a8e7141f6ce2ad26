import type { Role } from '../../protocols/common/frame.ts';
import type { RunFacts } from '../../protocols/common/invariant.ts';
import type { CallFacts, Lane, NormalisedTrace } from '../../protocols/common/normalise.ts';
import type { Protocol } from '../../protocols/common/protocol.ts';
import type { Trace } from '../../protocols/common/trace.ts';
import { laneKinds } from '../execute/settle.ts';
import { fingerprint, type Judgement, levelOf, type RequirementOf } from './judgement.ts';
import { compareTraces } from './trace-diff.ts';

/** One performance of a case under one binding. */
export interface UnderBinding {
  readonly binding: string;
  readonly trace: Trace;
  readonly calls: readonly CallFacts[];
  readonly facts: RunFacts;
  readonly normalised: NormalisedTrace;
}

/**
 * Binding equivalence: the same case must give the same normalised trace and the same application results under every
 * binding that the protocol says is equivalent. The first of a group is the measure; the judgement of each other is given by
 * its name. Fingerprints and checkpoints say codec, as lists of known failures have them.
 */
export function compareBindings(
  protocol: Protocol,
  seen: readonly UnderBinding[],
  role: Role,
  requirementOf: RequirementOf,
): ReadonlyMap<string, Judgement> {
  const { equivalence } = protocol;
  const judgements = new Map<string, Judgement>();
  if (equivalence === undefined) return judgements;
  for (const group of equivalence.groups) {
    const together = seen.filter(({ binding }) => group.includes(binding));
    for (const [name, judgement] of compareGroup(protocol, equivalence.requirement, together, role, requirementOf))
      judgements.set(name, judgement);
  }
  return judgements;
}

function compareGroup(
  protocol: Protocol,
  requirement: string,
  [measure, ...others]: readonly UnderBinding[],
  role: Role,
  requirementOf: RequirementOf,
): ReadonlyMap<string, Judgement> {
  const judgements = new Map<string, Judgement>();
  if (measure === undefined) return judgements;
  for (const other of others) {
    const kinds = laneKinds(other.calls);
    const wire = compareTraces(other.normalised, measure.normalised, protocol.variations, kinds).divergences.filter(
      ({ from }) => from === role,
    );
    const application = compareTraces(
      { lanes: applicationLanes(other.trace) },
      { lanes: applicationLanes(measure.trace) },
      [],
      kinds,
    ).divergences;
    const id = `codec:${other.binding}=${measure.binding}`;
    judgements.set(other.binding, {
      checkpoints: [
        { id, judge: 'binding', requirements: [requirement], outcome: wire.length + application.length > 0 ? 'broken' : 'held' },
      ],
      findings: [...wire, ...application].map((divergence) => ({
        judge: 'binding',
        checkpoint: id,
        requirement,
        level: levelOf(requirementOf, requirement),
        message: `${other.binding} and ${measure.binding} differ: ${divergence.message.replaceAll('the reference peer sends', `it sends under ${measure.binding}`)}`,
        events: [...(divergence.observed?.events ?? [])],
        fingerprint: fingerprint('codec', requirement, divergence.observed?.kind ?? divergence.golden?.kind ?? 'nothing', divergence.field),
      })),
    });
  }
  return judgements;
}

/** What applications read, as lanes; the text of an error is left out, for it may name ids. */
function applicationLanes(trace: Trace): Lane[] {
  const lanes = new Map<string, Lane & { items: { kind: string; value: unknown; events: number[] }[] }>();
  for (const event of trace) {
    if (event.type !== 'application') continue;
    const happening = event.event;
    if (happening.kind !== 'message' && happening.kind !== 'end') continue;
    const name = `${event.instance}/${happening.call} (application)`;
    const lane = lanes.get(name) ?? { name, from: event.role, items: [] };
    lanes.set(name, lane);
    const { kind } = happening;
    const value =
      happening.kind === 'end' ? null : happening.result.ok ? happening.result : { ok: false, code: happening.result.error.code };
    lane.items.push({ kind, value, events: [event.n] });
  }
  return [...lanes.values()];
}
