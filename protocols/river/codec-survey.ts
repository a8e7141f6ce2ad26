import type { Meter, Surveyed } from '../common/limits.ts';

/** Bytes up to which no message can pass a limit: it has fewer levels and fewer values than bytes. */
const HARMLESS = 512;

/** Lets a message be decoded, or throws a `RangeError` that says which limit it passes. Only what may pass one is looked at. */
export function accept(data: Uint8Array, meter: Meter | undefined, survey: () => Surveyed): void {
  if (meter === undefined && data.length <= HARMLESS) return;
  const surveyed = survey();
  const error = surveyed.ok ? meter?.spend(surveyed.values) : surveyed.error;
  if (error !== undefined) throw new RangeError(error);
}
