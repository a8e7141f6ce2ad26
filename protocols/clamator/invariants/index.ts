import { codes } from './codes.ts';
import { keys } from './keys.ts';
import type { LedgerInvariant } from './ledger-invariant.ts';
import { reads } from './reads.ts';
import { replies } from './replies.ts';
import { requests } from './requests.ts';

/** Every invariant of clamator, in the order of a call. */
export const clamatorInvariants: readonly LedgerInvariant[] = [requests, reads, replies, codes, keys];
