import { execFileSync } from 'node:child_process';

/** What brings it, for who reads why tests were skipped. */
export const TO_HAVE_TSHARK = 'needs tshark: apt-get install -y tshark';

/** Whether there is a tshark for tests. */
export const hasTshark = isThere();

function isThere(): boolean {
  try {
    execFileSync('tshark', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** What tshark makes of a capture: a line each packet that the filter lets through, its fields one behind the other. */
export function tshark(file: string, filter: string, fields: readonly string[]): string[][] {
  const words = ['-r', file, '-Y', filter, '-T', 'fields', '-o', 'tcp.check_checksum:TRUE', '-o', 'ip.check_checksum:TRUE'];
  const text = execFileSync('tshark', [...words, ...fields.flatMap((field) => ['-e', field])], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return text.split('\n').flatMap((line) => (line === '' ? [] : [line.split('\t')]));
}
