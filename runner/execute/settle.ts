import type { Role } from '../../protocols/common/frame.ts';
import type { RunFacts } from '../../protocols/common/invariant.ts';
import type { NormalisedTrace } from '../../protocols/common/normalise.ts';
import { compareTraces } from '../judge/trace-diff.ts';
import { callFacts } from './board.ts';
import type { Playing } from './playing.ts';
import { elapse, waitFor } from './wait.ts';

/** How long to wait, nominal ms, for frames that the golden trace has and the wire not yet. */
const SETTLE_MS = 2000;

/** How long, nominal ms, an end may still send what it must not, after all that it must send was seen. */
const LINGER_MS = 250;

/** Waits until the role under test has sent all that the golden trace has, then a little longer. */
export async function settle(playing: Playing, role: Role, golden: NormalisedTrace | undefined, facts: RunFacts): Promise<void> {
  if (golden !== undefined) {
    await waitFor(playing.stage, SETTLE_MS * playing.timeScale, () => (agrees(playing, role, golden, facts) ? true : undefined));
  }
  await elapse(playing.stage, LINGER_MS * playing.timeScale);
}

function agrees(playing: Playing, role: Role, golden: NormalisedTrace, facts: RunFacts): boolean {
  const { protocol, board, stage } = playing;
  const calls = callFacts(board);
  const observed = protocol.normalise(stage.recorder.trace, calls, facts);
  const { divergences } = compareTraces(observed, golden, protocol.variations, laneKinds(calls, facts));
  return !divergences.some((divergence) => divergence.from === role && divergence.field === 'missing');
}

/** Looks up the procedure kind of the call that a lane is named after (`main/chat`). */
export function laneKinds(
  calls: readonly { readonly call: string; readonly client: string; readonly procedure: string }[],
  facts: Pick<RunFacts, 'procedureKinds'>,
): (laneName: string) => string | undefined {
  const kinds = new Map(calls.map((call) => [`${call.client}/${call.call}`, facts.procedureKinds[call.procedure]]));
  return (laneName) => kinds.get(laneName);
}
