import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import { type MachineLimitError, machineLimit } from './run-errors.ts';

/** Files that must still be opened where a run that failed is to be believed: about as many as one has. */
const HEADROOM = 32;

/** What this machine refused to the runs of a world. A refusal may show in one run and come from another, for they share the machine. */
export interface Machine {
  /** Notes an error where it is a limit of the machine; gives it as such. */
  note(what: string, error: unknown): MachineLimitError | undefined;
  /** How often something was refused so far. */
  count(): number;
  /** What was refused since there were `before`; where that is nothing, what would be refused now. */
  refusedSince(before: number): MachineLimitError | undefined;
}

/** Starts with nothing refused. */
export function startMachine(): Machine {
  let count = 0;
  let last: MachineLimitError | undefined;
  const note: Machine['note'] = (what, error) => {
    const limit = machineLimit(what, error);
    if (limit === undefined) return undefined;
    count += 1;
    last = limit;
    return limit;
  };
  return {
    note,
    count: () => count,
    // Where no descriptor is left a listener ends connections without a word.
    refusedSince: (before) => (count > before ? last : note('open any more connections', refusalNow())),
  };
}

/** The error with which the machine refuses some more files; undefined where it does not. */
function refusalNow(): unknown {
  const opened: number[] = [];
  try {
    for (let i = 0; i < HEADROOM; i += 1) opened.push(openSync(devNull, 'r'));
    return undefined;
  } catch (error) {
    return error;
  } finally {
    for (const descriptor of opened) closeSync(descriptor);
  }
}
