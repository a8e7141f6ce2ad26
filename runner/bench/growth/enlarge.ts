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

/** A case of a corpus as one of which there may be more; `base` is how much of it there is in the case itself. */
export function enlarged(protocol: string, path: string, base: number): (size: number) => string {
  const text = readFileSync(join(packageRoot(), 'cases', protocol, path), 'utf8');
  return (size) => enlarge(text, size / base);
}
