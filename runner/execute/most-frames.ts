import type { NormalisedTrace } from '../../protocols/common/normalise.ts';

/** Frames that either end may send in any run, heartbeats, keep-alives and what is resent among them: thousands, whatever the case. */
const FEWEST_FRAMES = 5000;

/** How many times the messages that the reference pair needs an end may send. */
const FRAMES_PER_MESSAGE = 20;

/** Frames that either end may send where nobody knows what the case asks for. */
const FRAMES_UNKNOWN = 100_000;

/** How many times the frames that both ends of the reference pair send, those that are no messages to a judge among them: a case may ask for thousands. */
const FRAMES_PER_FRAME = 2;

/** Frames that each connection adds which the reference pair needs: one that is opened counts as fifty. */
const FRAMES_PER_CONNECTION = 200;

/** What the reference pair made of a case, as far as another performance goes by it. */
export interface Model {
  readonly normalised: NormalisedTrace;
  /** That the client opened. */
  readonly connections: number;
  /** That both ends sent. */
  readonly frames: number;
}

/** How many frames either end may send before it floods the run, by what the reference pair made of the case. */
export function mostFrames(model: Model | undefined): number {
  if (model === undefined) return FRAMES_UNKNOWN;
  const messages = model.normalised.lanes.reduce((sum, { items }) => sum + items.length, 0);
  return FEWEST_FRAMES + FRAMES_PER_MESSAGE * messages + FRAMES_PER_FRAME * model.frames + FRAMES_PER_CONNECTION * model.connections;
}
