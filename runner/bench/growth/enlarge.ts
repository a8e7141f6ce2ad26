import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../package-root.ts';

/** Words of a case whose number says how much there is of something; a 1 says that there is just one, and stays. */
const SIZES = /(\btimes|\bconnections|\btotal|\$length): *(\d+)/g;

/** The text of a case with everything in it `factor` times as many or as long. */
export function enlarge(text: string, factor: number): string {
  return text.replace(SIZES, (_all, word: string, number: string) => {
    const size = Number(number);
    return `${word}: ${size > 1 ? size * factor : size}`;
  });
}

/** What the head of a message or of a frame may take, bytes. */
const HEAD_BYTES = 64;

/** The text of a case in which `<n>` is how much there is of it, and `<bytes>` that many MiB but for a head. */
export function filledIn(text: string, size: number): string {
  return text.replaceAll('<n>', String(size)).replaceAll('<bytes>', String(size * 1024 * 1024 - HEAD_BYTES));
}

/** A case of a corpus as one of which there may be more; `base` is how much of it there is in the case itself. */
export function enlarged(protocol: string, path: string, base: number): (size: number) => string {
  const text = readFileSync(join(packageRoot(), 'cases', protocol, path), 'utf8');
  return (size) => enlarge(text, size / base);
}
