import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { EXIT } from '../cli/exit.ts';
import { loadProtocol } from '../cli/load.ts';
import { tuneEngine } from '../cli/tuning.ts';
import { packageRoot } from '../package-root.ts';
import { LONG } from '../plan/select.ts';
import { type Campaign, type CampaignOptions, runPatched, withCampaignOptions, withMeans } from './campaign.ts';
import { bindingRules, fateOf, type Killed, matrixOf, plainMatrix } from './matrix.ts';
import { loadMutants } from './mutant.ts';
import { type PatchedPeer, selected } from './patch.ts';
import { killLines, reportLines } from './report.ts';
import { readTrial, TRIALS, type Trial } from './trial.ts';
import { runQuickly, runThoroughly, type Verified } from './verified.ts';

interface Options extends CampaignOptions {
  readonly mutant?: string[];
  readonly failOnSurvivor: boolean;
  readonly quick: boolean;
  readonly verbose: boolean;
  readonly by: Trial;
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function run(options: Options): Promise<number> {
  const began = performance.now();
  const root = packageRoot();
  const { protocol, corpus } = await loadProtocol(options.protocol);
  const setup = { protocol: protocol.name, patterns: options.case ?? [], axes: options.axes, seed: options.seed, by: options.by };
  const meant = selected(loadMutants(join(root, 'mutants', protocol.name)), options.mutant, options.area);
  if (meant.length === 0) {
    process.stderr.write('no mutant fits the selection\n');
    return EXIT.usage;
  }
  const cases = new Map(corpus.cases.map((each) => [each.id, each]));
  const lost = meant.find(({ noticedBy }) => noticedBy !== undefined && !cases.has(noticedBy));
  if (lost !== undefined) {
    process.stderr.write(`${lost.id}: there is no case ${lost.noticedBy}, which is said to notice it\n`);
    return EXIT.usage;
  }
  const takesLong = ({ noticedBy = '' }: PatchedPeer): boolean => cases.get(noticedBy)?.tags.includes(LONG) === true;
  const isLeftOut = (mutant: PatchedPeer): boolean => options.quick && options.mutant === undefined && takesLong(mutant);
  const mutants = meant.filter((mutant) => !isLeftOut(mutant));
  for (const { id, noticedBy } of meant.filter(isLeftOut)) say(`left out, since ${noticedBy} takes long: ${id}`);
  const campaign = { quick: options.quick, digests: false, name: 'mutants' };
  const living = mutants.filter(({ equivalent }) => equivalent === undefined);
  const { unfit, outcomes } = await withMeans(root, setup, options.threads, (means) =>
    carryOut({ ...campaign, ...means }, options.by, living),
  );
  for (const id of unfit) say(`left out, the reference pair itself does not pass it: ${id}`);
  const binds = bindingRules(corpus.requirements);
  const killed = mutants.map((mutant): Killed => {
    const { notices = [], runs = 0 } = outcomes.get(mutant.id) ?? {};
    return { mutant, fate: fateOf(mutant, notices, binds), notices, runs };
  });
  const names = protocol.invariants.map(({ name }) => name);
  const matrix = matrixOf(killed, corpus.cases, names);
  if (options.verbose || options.mutant !== undefined)
    for (const each of killed) killLines(each, options.verbose ? Infinity : 20).forEach(say);
  const whole =
    options.by.kind === 'corpus' &&
    !options.quick &&
    options.mutant === undefined &&
    options.area === undefined &&
    options.case === undefined;
  reportLines(matrix, whole).forEach(say);
  for (const { mutant, fate } of options.by.kind === 'distil' ? killed.filter((each) => each.mutant.equivalent === undefined) : []) {
    if (fate !== 'killed' || options.verbose)
      for (const remark of outcomes.get(mutant.id)?.remarks ?? ['no run noticed it']) say(`${mutant.id}: ${remark}`);
  }
  const total = killed.reduce((sum, { runs }) => sum + runs, 0);
  say(`\n${total} case-runs on ${living.length} mutants in ${((performance.now() - began) / 1000).toFixed(1)} s`);
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(plainMatrix(matrix), null, 1)}\n`);
  const survivors = killed.some(({ fate }) => fate === 'survived' || fate === 'error' || fate === 'warned');
  return options.failOnSurvivor && survivors ? EXIT.findings : EXIT.ok;
}

async function carryOut(campaign: Campaign, by: Trial, peers: readonly PatchedPeer[]): Promise<Verified> {
  // A distilled case passes with the peers as they are, or it is none.
  if (by.kind === 'distil') return { unfit: [], outcomes: await runPatched(campaign, peers, { unfit: [] }) };
  // What fuzzing finds cannot be looked for again by its name.
  return campaign.quick && by.kind === 'corpus' ? runQuickly(campaign, peers) : runThoroughly(campaign, peers);
}

function trial(text: string): Trial {
  const read = readTrial(text);
  if (read === undefined) throw new InvalidArgumentError(`expected ${TRIALS}`);
  return read;
}

const program = withCampaignOptions(
  new Command('mutants')
    .description('runs the corpus against the reference peers with one deliberate bug each, and says which it does not notice')
    .option('--mutant <glob...>', 'only these mutants; prints who noticed each')
    .option('--fail-on-survivor', 'exit code 1 where a mutant survives', false)
    .addOption(new Option('--by <what>', `what they are tried with: ${TRIALS}`).argParser(trial).default({ kind: 'corpus' }, 'corpus'))
    .option(
      '--quick',
      'stops at the first case that notices a mutant; leaves out those for which that takes long, unless they are named',
      false,
    )
    .option('--verbose', 'prints who noticed each mutant', false),
  'mutants',
);
// Each patched peer is code of its own, which is over before it is worth being optimised.
tuneEngine();
process.exitCode = await run(program.parse().opts<Options>());
