import type { TraceEvent } from '../../common/trace.ts';
import type { RiverMessage } from '../message.ts';
import { conformingCalls } from './conforming-calls.ts';
import { conformingRefusals } from './conforming-refusals.ts';
import { conformingSessions } from './conforming-sessions.ts';

/** Conforming traces, by what is special about them; no invariant may find fault with any. */
export const conforming: Readonly<Record<string, () => readonly TraceEvent<RiverMessage>[]>> = {
  ...conformingCalls,
  ...conformingSessions,
  ...conformingRefusals,
};
