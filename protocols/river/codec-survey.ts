import type { Meter, Surveyed } from '../common/limits.ts';
import { OpenFormError } from './open-form.ts';

/** Bytes up to which no message can pass a limit: it has fewer levels and fewer values than bytes. */
const HARMLESS = 512;

/** Lets a message be decoded, or throws an `OpenFormError` that says which limit it passes: River has none (RIVER-SEC-08). Only what may pass one is looked at. */
export function accept(data: Uint8Array, meter: Meter | undefined, survey: () => Surveyed): void {
  if (meter === undefined && data.length <= HARMLESS) return;
  const surveyed = survey();
  const error = surveyed.ok ? meter?.spend(surveyed.values) : surveyed.error;
  if (error !== undefined) throw new OpenFormError('RIVER-SEC-08', error);
}
