import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bar, barCell } from '../bar.ts';
import { quantile } from '../quantile.ts';
import type { Section } from '../section.ts';
import { weir } from '../weir.ts';

/** How long a command takes from the shell, start of the interpreter included. */
interface ShellTime {
  readonly command: string;
  readonly medianMs: number;
  readonly slowestMs: number;
  readonly bar: Bar | undefined;
}

const VERDICT: Bar = { is: 'at most', value: 400, unit: 'ms' };
const A_SECOND: Bar = { is: 'at most', value: 1000, unit: 'ms' };

/** Commands from the start of the interpreter to its end. */
export const shellSection: Section = {
  name: 'shell',
  title: 'From the shell',
  perProtocol: true,
  async measure({ quick, protocols }) {
    const times = quick ? 2 : 5;
    const folder = await mkdtemp(join(tmpdir(), 'weir-bench-'));
    try {
      const took = [await shellTime(['--version'], times), await shellTime(['list'], times)];
      for (const { data } of protocols) took.push(await shellTime(['run', '--no-output', data.shell], times, VERDICT));
      // What it writes anew each time goes into a folder of its own.
      const [{ name = '' } = {}] = protocols;
      const begin = (i: number): string[] => ['init', `mine-${i}`, '--protocol', name, '--language', 'typescript', '--role', 'client'];
      took.push(await timed('weir init', times, A_SECOND, folder, begin));
      took.push(
        await timed('weir doctor --quick, of what init wrote', times, A_SECOND, folder, (i) => ['doctor', `./mine-${i}`, '--quick']),
      );
      return {
        head: ['command', 'median ms', 'slowest ms', 'bar (median)'],
        rows: took.map(({ command, medianMs, slowestMs, bar }) => [command, medianMs, slowestMs, barCell(bar, medianMs)]),
        values: took,
      };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

function shellTime(args: readonly string[], times: number, bar?: Bar): Promise<ShellTime> {
  return timed(`weir ${args.join(' ')}`, times, bar, undefined, () => args);
}

/** Runs a command some times, one after the other. Throws where it fails. */
async function timed(
  command: string,
  times: number,
  bar: Bar | undefined,
  cwd: string | undefined,
  argsOf: (i: number) => readonly string[],
): Promise<ShellTime> {
  const took: number[] = [];
  for (let i = 0; i < times; i += 1) {
    const { code, wallMs, stderr, stdout } = await weir(argsOf(i), cwd);
    if (code !== 0) throw new Error(`${command} ended with code ${code}:\n${stderr}${stdout}`);
    took.push(wallMs);
  }
  return { command, medianMs: quantile(took, 0.5), slowestMs: Math.max(...took), bar };
}
