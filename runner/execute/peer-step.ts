import type { Role } from '../../protocols/common/frame.ts';
import { isPlainObject } from '../../protocols/common/value.ts';
import { DEFAULT_WITHIN_MS } from '../cases/grammar-words.ts';
import { unlessAbsent } from './absent.ts';
import { boundOf, broken, nominal, type Playing, type StepOutcome } from './playing.ts';
import { elapse, waitFor } from './wait.ts';

/** Makes the scripted end do something by hand, once every call that the command names has reached it. */
export async function peer(playing: Playing, command: unknown, scripted: Role | undefined): Promise<StepOutcome> {
  if (scripted === undefined) throw new Error('a peer step needs one end that is not under test');
  const named = new Set<string>();
  collectCalls(playing, command, named);
  const end = playing.stage[scripted];
  for (const name of named) {
    const waited = await waitFor(playing.stage, boundOf(playing, DEFAULT_WITHIN_MS), () => {
      const stream = playing.match.streamOf(name);
      return stream !== undefined && (end.hasSeen?.(stream) ?? true) ? stream : undefined;
    });
    if (!waited.ok) return broken('unopened', `the call ${name} did not reach the ${scripted} within ${nominal(DEFAULT_WITHIN_MS)}`);
  }
  await caughtUp(playing, scripted);
  const { script } = end;
  if (script === undefined) throw new Error(`the ${scripted} of this run cannot be scripted; only a reference peer can`);
  return unlessAbsent(scripted, () => script.call(end, command, playing.match));
}

/** Longest wait for the scripted end to take what was passed on to it, nominal ms: on a connection that it has ended it takes nothing. */
const CATCH_UP_MS = 100;

/** How long to wait before it is asked again, nominal ms. */
const ASK_AGAIN_MS = 1;

/** Waits until the scripted end has taken what the trace says was delivered to it: it is not to act on less than the steps have seen. */
async function caughtUp({ stage, timeScale }: Playing, scripted: Role): Promise<void> {
  const end = stage[scripted];
  let delivered = 0;
  for (const event of stage.recorder.trace) {
    if (event.type === 'delivered' && event.to === scripted && event.frame.class === 'data') delivered += 1;
  }
  const isBehind = (): boolean => (end.received?.() ?? delivered) < delivered;
  for (let waited = 0; isBehind() && waited < CATCH_UP_MS; waited += ASK_AGAIN_MS) await elapse(stage, ASK_AGAIN_MS * timeScale);
}

/** The calls that a command names, under the keys under which the protocol has names of calls. */
function collectCalls(playing: Playing, value: unknown, into: Set<string>): void {
  if (Array.isArray(value)) {
    for (const item of value) collectCalls(playing, item, into);
  } else if (isPlainObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      if (typeof item !== 'string') collectCalls(playing, item, into);
      else if (playing.protocol.callKeys.script.includes(key) && playing.board.calls.has(item)) into.add(item);
    }
  }
}
