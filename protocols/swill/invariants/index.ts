import type { ListeningInvariant } from '../../common/listening.ts';
import type { SwillFrame } from '../frame.ts';
import { frames } from './frames.ts';
import { hooks } from './hooks.ts';
import { identities } from './identities.ts';
import type { Ears } from './judging.ts';
import { requests } from './requests.ts';
import { responses } from './responses.ts';
import { upgrades } from './upgrades.ts';

/** Every invariant of Swill, in the order of a connection. */
export const swillInvariants: readonly ListeningInvariant<SwillFrame, Ears>[] = [upgrades, frames, requests, responses, identities, hooks];
