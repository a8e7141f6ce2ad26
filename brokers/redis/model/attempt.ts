import { error } from '../../../protocols/carriers/resp/value.ts';
import { latin1Bytes } from '../../../protocols/common/latin1.ts';
import { Refusal } from './refusal.ts';
import type { Reply } from './reply.ts';
import type { Call, Outcome, Run } from './state.ts';

/** Runs a command; what it is refused with is its reply. */
export function attempt(run: Run, call: Call): Outcome {
  try {
    return run(call);
  } catch (refusal) {
    if (refusal instanceof Refusal) return errorOf(refusal);
    throw refusal;
  }
}

/** A refusal as a reply, which is one line. */
export function errorOf({ text }: Refusal): Reply {
  return error(latin1Bytes(text.replaceAll(/[\r\n]/g, ' ')));
}
