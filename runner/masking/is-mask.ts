/** What people read in place of a secret. */
export const MASK = '<redacted>';

/** Whether a value is one of our own masks, or the beginning of one in a text that was cut. */
export function isMask(value: string): boolean {
  return /redacted|^x+[0-9a-z]?$/.test(value) || MASK.startsWith(value.replace(/…$/, ''));
}
