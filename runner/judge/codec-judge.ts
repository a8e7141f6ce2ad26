import type { Role } from '../../protocols/common/frame.ts';
import type { RunFacts } from '../../protocols/common/invariant.ts';
import type { CallFacts, Lane, NormalisedTrace } from '../../protocols/common/normalise.ts';
import type { Protocol } from '../../protocols/common/protocol.ts';
import type { Trace } from '../../protocols/common/trace.ts';
import { laneKinds } from '../execute/settle.ts';
import { fingerprint, type Judgement, levelOf, type RequirementOf } from './judgement.ts';
import { compareTraces } from './trace-diff.ts';

/** One performance of a case under one codec. */
export interface UnderCodec {
  readonly codec: string;
  readonly trace: Trace;
  readonly calls: readonly CallFacts[];
  readonly facts: RunFacts;
  readonly normalised: NormalisedTrace;
}

/**
 * Codec equivalence: the same case must give the same normalised trace and the same application results under every
 * codec. The first codec is the measure; the judgement of each other is given by its name.
 */
export function compareCodecs(
  protocol: Protocol,
  seen: readonly UnderCodec[],
  role: Role,
  requirementOf: RequirementOf,
): ReadonlyMap<string, Judgement> {
  const [measure, ...others] = seen;
  const judgements = new Map<string, Judgement>();
  if (measure === undefined) return judgements;
  const requirement = protocol.codecRequirement;
  for (const other of others) {
    const kinds = laneKinds(other.calls, other.facts);
    const wire = compareTraces(other.normalised, measure.normalised, protocol.variations, kinds).divergences.filter(
      ({ from }) => from === role,
    );
    const application = compareTraces(
      { lanes: applicationLanes(other.trace) },
      { lanes: applicationLanes(measure.trace) },
      [],
      kinds,
    ).divergences;
    const id = `codec:${other.codec}=${measure.codec}`;
    judgements.set(other.codec, {
      checkpoints: [{ id, judge: 'codec', requirements: [requirement], outcome: wire.length + application.length > 0 ? 'broken' : 'held' }],
      findings: [...wire, ...application].map((divergence) => ({
        judge: 'codec',
        checkpoint: id,
        requirement,
        level: levelOf(requirementOf, requirement),
        message: `${other.codec} and ${measure.codec} differ: ${divergence.message.replaceAll('the reference peer sends', `it sends under ${measure.codec}`)}`,
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
