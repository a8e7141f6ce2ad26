import type { Party, Role } from '../../protocols/common/frame.ts';
import type { RunFacts } from '../../protocols/common/invariant.ts';
import { type CallFacts, laneName, type NormalisedTrace } from '../../protocols/common/normalise.ts';
import { compareTraces } from '../judge/trace-diff.ts';
import { callFacts } from './board.ts';
import type { Playing } from './playing.ts';
import { elapse, waitFor } from './wait.ts';

/** How long to wait, nominal ms, for frames that the golden trace has and the wire not yet. */
const SETTLE_MS = 2000;

/** How long, nominal ms, an end may still send what it must not, after all that it must send was seen. */
const LINGER_MS = 250;

/** How long, nominal ms, to gather events before the trace is compared again: comparing reads all of it. */
const GATHER_MS = 5;

/**
 * Waits until these roles have sent all that the golden trace has, then a little longer. Gives the normal form of the
 * trace as it then is.
 */
export async function settle(
  playing: Playing,
  roles: readonly Role[],
  golden: NormalisedTrace | undefined,
  facts: RunFacts,
): Promise<NormalisedTrace> {
  const { stage, timeScale } = playing;
  let seen = -1;
  let normalised: NormalisedTrace = { lanes: [] };
  const read = (): NormalisedTrace => {
    if (stage.recorder.trace.length !== seen) {
      seen = stage.recorder.trace.length;
      // Of a long trace there should not be two at a time.
      normalised = { lanes: [] };
      normalised = playing.protocol.normalise(stage.recorder.trace, callFacts(playing.board), facts);
    }
    return normalised;
  };
  if (golden !== undefined) {
    const wanted = lanesOf(golden, roles);
    const deadline = stage.environment.now() + SETTLE_MS * timeScale;
    while (!agrees(playing, lanesOf(read(), roles), wanted)) {
      const more = await waitFor(
        stage,
        { ms: Math.max(0, deadline - stage.environment.now()) },
        () => stage.recorder.trace.length > seen || undefined,
      );
      if (!more.ok) break;
      await elapse(stage, GATHER_MS * timeScale);
    }
  }
  await elapse(stage, LINGER_MS * timeScale);
  return read();
}

function agrees({ protocol, board }: Playing, observed: NormalisedTrace, golden: NormalisedTrace): boolean {
  const { divergences } = compareTraces(observed, golden, protocol.variations, laneKinds(callFacts(board)));
  return !divergences.some((divergence) => divergence.field === 'missing');
}

function lanesOf(trace: NormalisedTrace, roles: readonly Party[]): NormalisedTrace {
  return { lanes: trace.lanes.filter((lane) => roles.includes(lane.from)) };
}

/** Looks up the procedure kind of the call that a lane is named after (`main/chat`). */
export function laneKinds(
  calls: readonly Pick<CallFacts, 'call' | 'role' | 'instance' | 'kind'>[],
): (laneName: string) => string | undefined {
  const kinds = new Map(calls.map((call) => [laneName(call), call.kind === '' ? undefined : call.kind]));
  return (lane) => kinds.get(lane);
}
