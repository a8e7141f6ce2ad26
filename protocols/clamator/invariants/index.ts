import type { Invariant } from '../../common/invariant.ts';
import type { ClamatorMessage } from '../message.ts';
import { codes } from './codes.ts';
import { keys } from './keys.ts';
import { reads } from './reads.ts';
import { replies } from './replies.ts';
import { requests } from './requests.ts';

/** Every invariant of clamator, in the order of a call. */
export const clamatorInvariants: readonly Invariant<ClamatorMessage>[] = [requests, reads, replies, codes, keys];
