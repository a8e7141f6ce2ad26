import type { Environment } from '../../protocols/common/environment.ts';
import type { LinkSurroundings } from '../toxics/link.ts';
import type { ToxicControls } from '../toxics/network.ts';
import { scaleToxic } from '../toxics/scale.ts';
import type { Stretches } from '../toxics/stretches.ts';
import { describeToxic } from '../toxics/toxic.ts';
import { seededRandom } from './random.ts';
import type { WireRecorder } from './recorder.ts';
import type { Stage } from './world.ts';

/** Tells the source that decides which connections a toxic acts on from the run's other randomness. */
const DECISIONS = 0x70_78_69_63;

/**
 * What toxics need of a run. Which connections they act on hangs on the seed and the order of connections alone, so
 * that it is the same in every world.
 */
export function toxicSurroundings(environment: Environment, seed: number): LinkSurroundings {
  return {
    now: environment.now,
    after: environment.after,
    random: environment.random,
    decide: seededRandom(seed ^ DECISIONS),
  };
}

/** The `toxic` of a stage whose setting has toxics: recorded as a fault, scaled, carried out. `timeScale`: see Setting. */
export function toxicOf(network: Stretches<ToxicControls> | undefined, recorder: WireRecorder, timeScale: number): Stage['toxic'] {
  return async (command) => {
    if (network === undefined) throw new Error('toxics were not asked for when the stage was set; say so in the setting');
    recorder.fault(undefined, `toxic: ${describeToxic(command)}`);
    await network.carryOut(scaleToxic(command, timeScale));
  };
}
