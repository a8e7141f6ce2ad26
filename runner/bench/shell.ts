import { quantile } from './proxy/measure.ts';
import { weir } from './weir.ts';

/** How long a command takes from the shell, start of the interpreter included. */
export interface ShellTime {
  readonly command: string;
  readonly medianMs: number;
  readonly slowestMs: number;
}

/** Runs a command of the command line some times, one after the other. Throws where it fails. */
export async function shellTime(args: readonly string[], times: number): Promise<ShellTime> {
  const took: number[] = [];
  for (let i = 0; i < times; i += 1) {
    const { code, wallMs, stderr } = await weir(args);
    if (code !== 0) throw new Error(`weir ${args.join(' ')} ended with code ${code}:\n${stderr}`);
    took.push(wallMs);
  }
  return { command: `weir ${args.join(' ')}`, medianMs: quantile(took, 0.5), slowestMs: Math.max(...took) };
}
