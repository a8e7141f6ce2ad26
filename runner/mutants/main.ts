import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import picomatch from 'picomatch';
import { EXIT } from '../cli/exit.ts';
import { loadProtocol } from '../cli/load.ts';
import { packageRoot } from '../package-root.ts';
import { buildRegistry } from './build.ts';
import { carryOutJobs, type JobOutcome } from './crew.ts';
import { fateOf, type Killed, matrixOf, plainMatrix } from './matrix.ts';
import type { Job, WorkerSetup } from './messages.ts';
import { loadMutants, type Mutant } from './mutant.ts';
import { killLines, reportLines } from './report.ts';

interface Options {
  readonly protocol?: string;
  readonly mutant?: string[];
  readonly area?: string[];
  readonly case?: string[];
  readonly json?: string;
  readonly failOnSurvivor: boolean;
  readonly quick: boolean;
  readonly verbose: boolean;
  readonly threads: number;
  readonly seed: number;
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Case-runs of the peers as they are that do not pass, by run id: they cannot tell a mutant from anything. */
async function unfitRuns(setup: WorkerSetup, root: string, threads: number): Promise<readonly string[]> {
  const registry = await buildRegistry(root, undefined);
  const jobs = (['client', 'server'] as const).map(
    (role): Job => ({ id: 'unpatched', role, registry, codecs: 'all', without: [], quick: false }),
  );
  const unfit: string[] = [];
  await carryOutJobs(setup, jobs, threads, ({ notices }) => unfit.push(...notices.map(({ run }) => run)));
  return unfit;
}

async function run(options: Options): Promise<number> {
  const began = performance.now();
  const root = packageRoot();
  const { protocol, corpus } = await loadProtocol(options.protocol);
  const setup: WorkerSetup = { protocol: protocol.name, patterns: options.case ?? [], seed: options.seed };
  const wanted = selection(options);
  const mutants = loadMutants(join(root, 'mutants', protocol.name)).filter(wanted);
  if (mutants.length === 0) {
    process.stderr.write('no mutant fits the selection\n');
    return EXIT.usage;
  }
  const without = await unfitRuns(setup, root, options.threads);
  for (const id of without) say(`left out, the reference pair itself does not pass it: ${id}`);
  const living = mutants.filter(({ equivalent }) => equivalent === undefined);
  const jobs: Job[] = [];
  for (const mutant of living) {
    const { id, role, codecs = 'first' } = mutant;
    // One after another: the builder keeps all of a build in memory, and there are hundreds.
    jobs.push({ id, role, registry: await buildRegistry(root, mutant), codecs, without, quick: options.quick });
  }
  const outcomes = new Map<string, JobOutcome>();
  let finished = 0;
  await carryOutJobs(setup, jobs, options.threads, (outcome) => {
    outcomes.set(outcome.job.id, outcome);
    finished += 1;
    if (process.stderr.isTTY) process.stderr.write(`\r${finished}/${jobs.length} mutants`);
  });
  if (process.stderr.isTTY) process.stderr.write('\r');
  const killed = mutants.map((mutant): Killed => {
    const { notices = [], runs = 0 } = outcomes.get(mutant.id) ?? {};
    return { mutant, fate: fateOf(mutant, notices), notices, runs };
  });
  const names = protocol.invariants.map(({ name }) => name);
  const matrix = matrixOf(killed, corpus.cases, names);
  if (options.verbose || options.mutant !== undefined)
    for (const each of killed) killLines(each, options.verbose ? Infinity : 20).forEach(say);
  const whole = !options.quick && options.mutant === undefined && options.area === undefined && options.case === undefined;
  reportLines(matrix, whole).forEach(say);
  const total = killed.reduce((sum, { runs }) => sum + runs, 0);
  say(`\n${total} case-runs on ${living.length} mutants in ${((performance.now() - began) / 1000).toFixed(1)} s`);
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(plainMatrix(matrix), null, 1)}\n`);
  const survivors = killed.some(({ fate }) => fate === 'survived' || fate === 'error');
  return options.failOnSurvivor && survivors ? EXIT.findings : EXIT.ok;
}

function selection({ mutant, area }: Options): (mutant: Mutant) => boolean {
  return (each) =>
    (mutant === undefined || picomatch.isMatch(each.id, mutant)) && (area === undefined || picomatch.isMatch(each.area, area));
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('expected a positive integer');
  return value;
}

const program = new Command('mutants')
  .description('runs the corpus against the reference peers with one deliberate bug each, and says which it does not notice')
  .option('--mutant <glob...>', 'only these mutants; prints who noticed each')
  .option('--area <glob...>', 'only mutants of these areas')
  .option('--case <glob...>', 'only these cases')
  .option('--json <file>', 'writes who killed whom')
  .option('--fail-on-survivor', 'exit code 1 where a mutant survives', false)
  .option('--quick', 'stops at the first case that notices a mutant', false)
  .option('--verbose', 'prints who noticed each mutant', false)
  .option('--threads <count>', 'mutants at a time', count, 2)
  .option('--seed <number>', 'seed of all randomness', count, 20_260_101)
  .option('--protocol <name>', 'protocol (default: the first)');
process.exitCode = await run(program.parse().opts<Options>());
