import type { Invariant } from '../../common/invariant.ts';
import type { ConnectMessage } from '../message.ts';
import { envelopes } from './envelopes.ts';
import { requests } from './requests.ts';
import { responses } from './responses.ts';

/** Every invariant of Connect, in the order of a call. */
export const connectInvariants: readonly Invariant<ConnectMessage>[] = [requests, responses, envelopes];
