import type { Role } from '../../protocols/common/frame.ts';
import type { Protocol } from '../../protocols/common/protocol.ts';
import type { LoadedCase } from '../cases/case.ts';
import { DEFAULT_WITHIN_MS } from '../cases/grammar-words.ts';
import { judges } from '../cases/step.ts';
import type { Performance } from '../execute/performance.ts';
import type { Finding } from '../results/result.ts';
import type { World } from '../worlds/world.ts';
import type { Judged } from './judge-run.ts';
import { isTimed, wasPunctual } from './punctuality.ts';
import { verdictOf } from './verdict.ts';

/** The part of a long wait that may be lost before nobody can tell what never came from what came late. */
const LOST_PART = 1 / 4;

/**
 * The findings of a run that neither other runs beside it nor a busy machine excuse, so that they count whatever a later run shows;
 * only what makes the verdict a failure. A correct implementation is late at worst. Hence a frame of its own that breaks a rule of every
 * trace, and a value that an application read changed, stand always; what else is wrong, as a frame that such a rule misses, where
 * everyone was punctual; and that nothing came, where it was waited for as long as for what never comes, and little of that was lost.
 */
export function unexcused(
  { verdict, findings }: Pick<Judged, 'verdict' | 'findings'>,
  performance: Pick<Performance, 'played' | 'punctuality' | 'wholeTrace'>,
  { case: loaded, role }: { readonly case: Pick<LoadedCase, 'steps'>; readonly role: Role },
  protocol: Pick<Protocol, 'timedInvariants'>,
  world: Pick<World, 'timeScale' | 'patienceMs'>,
  strict: boolean,
): readonly Finding[] {
  if (verdict !== 'fail') return [];
  const punctual = wasPunctual(performance, world);
  return findings.filter((finding) => {
    if (finding.timed === true || verdictOf([finding], [], strict) !== 'fail') return false;
    const timeless = !isTimed(finding, protocol);
    if (finding.judge === 'invariant') return timeless && (punctual || finding.harm === 'changed' || showsOwnFrame(finding));
    if (finding.judge !== 'expectation' && finding.judge !== 'trace') return false;
    const { damage, isLongWait, lostMs } = whatStepShowed(finding);
    if (timeless) return punctual || damage === 'changed';
    return isLongWait ? lostMs <= Math.max(1, world.patienceMs) * LOST_PART : damage !== undefined && punctual;
  });

  /** Whether what decides is a frame that the end under test sent. */
  function showsOwnFrame({ events: [decisive = -1] }: Finding): boolean {
    const event = performance.wholeTrace.at(decisive);
    return event?.type === 'sent' && event.from === role;
  }

  /** What an application suffered in the step that broke, and whether it waited in vain with no bound that its case states. */
  function whatStepShowed({ step = -1 }: Finding) {
    const { played, punctuality } = performance;
    const outcome = played.outcomes[step];
    const action = loaded.steps[step]?.action;
    if (outcome === undefined || outcome.ok || action === undefined) return { damage: undefined, isLongWait: false, lostMs: 0 };
    const within = judges(action) && 'within' in action ? action.within : 0;
    return {
      damage: outcome.damage,
      isLongWait: outcome.field === 'timeout' && within >= DEFAULT_WITHIN_MS,
      lostMs: punctuality.fresh ? Number.POSITIVE_INFINITY : (punctuality.steps[step] ?? 0),
    };
  }
}
