import { mismatch } from '../../protocols/common/pattern.ts';
import { show } from '../../protocols/common/show.ts';
import type { Action, BrokerWord } from '../cases/step.ts';
import type { BrokerAtHand } from '../worlds/world.ts';
import { boundOf, broken, HELD, nominal, type Playing, type StepOutcome } from './playing.ts';
import { elapse } from './wait.ts';

/** How long to wait before the broker is asked again, nominal ms. */
const ASK_AGAIN_MS = 20;

/** What a case asks the broker, or lets happen to all of it. */
export async function broker(playing: Playing, action: Extract<Action, { kind: 'broker' }>): Promise<StepOutcome> {
  const { broker: between } = playing.stage;
  if (between === undefined) throw new Error('no broker stands between the ends of this run');
  if (!('happens' in action)) return ask(playing, between, action);
  await between.outage(action.happens);
  return HELD;
}

/** Asks the broker, again until the answer is as wanted or the bound is over. What it refuses is told in its words. */
async function ask(
  playing: Playing,
  between: BrokerAtHand,
  { ask: words, is, within }: Extract<Action, { kind: 'broker'; ask: unknown }>,
): Promise<StepOutcome> {
  const { stage, timeScale } = playing;
  const command = words.map((word) => wordOf(word, between.space));
  const { environment } = stage;
  let deadline = environment.now() + boundOf(playing, within).ms;
  for (;;) {
    const asked = environment.now();
    const answer = await between.ask(command).then(
      (value) => ({ value }),
      (error: unknown) => ({ value: { error: error instanceof Error ? error.message : String(error) } }),
    );
    const reason = is === undefined ? undefined : mismatch(is, answer.value, 'answer');
    if (reason === undefined) return HELD;
    // While a busy machine keeps the broker from answering it keeps it from everything that is waited for.
    deadline += environment.now() - asked;
    if (environment.now() >= deadline) {
      return broken('broker', `the broker answers ${show(answer.value)} to ${show(words)} after ${nominal(within)}; ${reason}`);
    }
    await elapse(stage, ASK_AGAIN_MS * timeScale);
  }
}

function wordOf(word: BrokerWord, space: string): string | number | Uint8Array {
  if (typeof word !== 'object') return word;
  return '$space' in word ? `${space}${word.$space}` : new Uint8Array(Buffer.from(word.$bytes, 'base64'));
}
