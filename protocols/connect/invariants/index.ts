import type { ListeningInvariant } from '../../common/listening.ts';
import type { ConnectMessage } from '../message.ts';
import { envelopes } from './envelopes.ts';
import type { Ears } from './exchanges.ts';
import { requests } from './requests.ts';
import { responses } from './responses.ts';

/** Every invariant of Connect, in the order of a call. */
export const connectInvariants: readonly ListeningInvariant<ConnectMessage, Ears>[] = [requests, responses, envelopes];
