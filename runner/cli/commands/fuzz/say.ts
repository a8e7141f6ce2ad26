import { oneLine } from '../../../../protocols/common/plain.ts';

/** Tells a line. */
export function say(text: string): void {
  process.stdout.write(`${oneLine(text)}\n`);
}
