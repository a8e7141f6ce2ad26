import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../package-root.ts';
import { type Results, results } from '../results/result.ts';

/** One run of the command line, as a shell sees it. */
export interface WeirRun {
  readonly code: number | null;
  /** From start to exit, wall-clock ms. */
  readonly wallMs: number;
  /** Largest resident set that was seen, in MiB; undefined where the system does not tell. */
  readonly peakMiB: number | undefined;
  /** Processor time that was seen, its own and that of children it has waited for, in s; undefined where the system does not tell. */
  readonly processor: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** How often the memory and the processor time of a child are looked at. */
const LOOK_MS = 50;

/** Ticks a second in which Linux tells processor time. */
const TICKS = 100;

/** Runs the built command line, in the package's folder where no other is named. */
export async function weir(args: readonly string[], cwd = packageRoot()): Promise<WeirRun> {
  const began = performance.now();
  const child = spawn(process.execPath, [join(packageRoot(), 'dist/runner/cli/main.js'), ...args], {
    cwd,
    env: { ...process.env, NO_COLOR: '1' },
  });
  const out = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (out.stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (out.stderr += String(chunk)));
  let peakMiB: number | undefined;
  let processor: number | undefined;
  const look = async (): Promise<void> => {
    peakMiB = (await highWater(child.pid)) ?? peakMiB;
    processor = (await processorTime(child.pid)) ?? processor;
  };
  const looking = setInterval(look, LOOK_MS);
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  clearInterval(looking);
  return { code, wallMs: performance.now() - began, peakMiB, processor, ...out };
}

/** A `weir run` with the results it wrote. Throws where it wrote none. */
export async function weirRun(args: readonly string[]): Promise<WeirRun & { readonly results: Results }> {
  const folder = await mkdtemp(join(tmpdir(), 'weir-bench-'));
  try {
    const run = await weir(['run', '--output', folder, '--traces', 'none', ...args]);
    const text = await readFile(join(folder, 'results.json'), 'utf8').catch(() => {
      throw new Error(`weir run ${args.slice(0, 4).join(' ')} … gave no results (exit code ${run.code}):\n${run.stderr}`);
    });
    return { ...run, results: results.parse(JSON.parse(text)) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function highWater(pid: number | undefined): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kib = /^VmHWM:\s+(\d+) kB/m.exec(status)?.[1];
  return kib === undefined ? undefined : Number(kib) / 1024;
}

async function processorTime(pid: number | undefined): Promise<number | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The name of the program stands in brackets, and may hold spaces; user, system and both of children follow as the 12th to 15th.
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 15);
  return fields.length < 4 ? undefined : fields.reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS;
}
