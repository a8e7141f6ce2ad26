import type { Secret } from './gather.ts';

/** Index of a secret that is not one of the case-run's own. */
export const FOREIGN = 0;

/** A secret as bytes: of a text, its UTF-8. */
export function bytesOf(secret: Secret): Uint8Array {
  return typeof secret === 'string' ? new TextEncoder().encode(secret) : secret;
}

/**
 * What stands in place of a secret where a run is kept to be judged again: as long as the secret (in bytes), digits where it is
 * a number, and another for another secret of the same case-run, so that what was equal stays so. `index` counts these from 1.
 */
export function fillOf(secret: Uint8Array, index: number): string {
  if (secret.length === 0) return '';
  const [filler, base] = secret.every((byte) => byte >= 0x30 && byte <= 0x39) ? ['1', 10] : ['x', 36];
  return `${filler.repeat(secret.length - 1)}${(index % base).toString(base)}`;
}
