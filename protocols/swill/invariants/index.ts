import type { Invariant } from '../../common/invariant.ts';
import type { SwillFrame } from '../frame.ts';
import { frames } from './frames.ts';
import { hooks } from './hooks.ts';
import { identities } from './identities.ts';
import { requests } from './requests.ts';
import { responses } from './responses.ts';
import { upgrades } from './upgrades.ts';

/** Every invariant of Swill, in the order of a connection. */
export const swillInvariants: readonly Invariant<SwillFrame>[] = [upgrades, frames, requests, responses, identities, hooks];
