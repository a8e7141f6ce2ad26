import type { Invariant } from '../../common/invariant.ts';
import type { RiverMessage } from '../message.ts';
import { sequence } from './sequence.ts';

/** River's rules over traces. One line each; every invariant runs on every trace. */
export const riverInvariants: readonly Invariant<RiverMessage>[] = [sequence];
