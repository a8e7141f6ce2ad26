import { setFlagsFromString } from 'node:v8';

/**
 * How long code runs before an engine optimises it, several times the default: a command is over soon, and each thread optimises
 * for itself on the cores that run cases. Flags of V8 come and go, and one that it does not know it complains about on standard
 * error, so each release line is asked only for what it has. Node 24's optimises so cheaply that there is nothing to gain.
 */
const PATIENT_OPTIMISATION: readonly (readonly [v8: string, flag: string])[] = [
  // Node 20
  ['11.3.', '--interrupt-budget=500000'],
  // Node 22
  ['12.4.', '--invocation-count-for-turbofan=12000'],
];

/** The flags to set in an engine of this version (`process.versions.v8`) before anything runs; none for one that is not known. */
export function engineFlags(v8: string): readonly string[] {
  return PATIENT_OPTIMISATION.filter(([line]) => v8.startsWith(line)).map(([, flag]) => flag);
}

/** Sets them, in a process and in each thread that it starts from then on. */
export function tuneEngine(): void {
  for (const flag of engineFlags(process.versions.v8)) setFlagsFromString(flag);
}
