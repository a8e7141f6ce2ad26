import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { packageRoot } from '../../package-root.ts';
import type { Section } from '../section.ts';

/** What `npm pack` says of the package that it would make. */
interface Packed {
  readonly size: number;
  readonly unpackedSize: number;
  readonly entryCount: number;
}

const MIB = 1024 * 1024;

/** How large the npm package is. */
export const packageSection: Section = {
  name: 'package',
  title: 'The package',
  perProtocol: false,
  async measure() {
    // What it holds is built already.
    const args = ['pack', '--dry-run', '--json', '--ignore-scripts'];
    const { stdout } = await promisify(execFile)('npm', args, { cwd: packageRoot(), maxBuffer: 64 * MIB });
    const [packed] = JSON.parse(stdout) as readonly Packed[];
    const { size = Number.NaN, unpackedSize = Number.NaN, entryCount = Number.NaN } = packed ?? {};
    const rows = [
      ['tarball, MiB', size / MIB],
      ['unpacked, MiB', unpackedSize / MIB],
      ['files', entryCount],
    ] as const;
    return { head: ['what', 'how much'], rows, values: { size, unpackedSize, entryCount } };
  },
};
