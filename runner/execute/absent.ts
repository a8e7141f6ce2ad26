import { AbsenceError } from '../../protocols/common/absence.ts';
import { peerOf, type Role } from '../../protocols/common/frame.ts';
import { broken, HELD, type StepOutcome } from './playing.ts';

/** What came of something that an end was to do: where the other end did not come for it to be done to, the step fails by that end. */
export async function unlessAbsent(by: Role, act: () => void | Promise<void>): Promise<StepOutcome> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof AbsenceError)) throw error;
    return broken('absent', `the ${peerOf(by)} did not come: ${error.message}`);
  }
  return HELD;
}
