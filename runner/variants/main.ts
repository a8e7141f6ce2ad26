import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { bindingNames } from '../../protocols/common/binding.ts';
import { EXIT } from '../cli/exit.ts';
import { type Loaded, loadProtocol } from '../cli/load.ts';
import { tuneEngine } from '../cli/tuning.ts';
import { goldenSource } from '../execute/golden.ts';
import { referenceEnds } from '../execute/reference-ends.ts';
import {
  type Campaign,
  type CampaignOptions,
  positive,
  runPatched,
  runWatched,
  withCampaignOptions,
  withMeans,
} from '../mutants/campaign.ts';
import { fits, selected } from '../mutants/patch.ts';
import { packageRoot } from '../package-root.ts';
import { chooseRuns } from '../plan/choose.ts';
import { plan } from '../plan/plan.ts';
import { referenceFacts } from '../plan/reference-facts.ts';
import { simulatedWorld } from '../worlds/simulated/index.ts';
import { type Dawdling, dawdle, dawdlings } from './dawdling.ts';
import { isAtPeace, outcomeLines, outcomeOf, plainOutcomes, seldomLine, type VariantOutcome } from './outcome.ts';
import { shares } from './share.ts';
import { loadVariants, type Variant } from './variant.ts';

interface Options extends CampaignOptions {
  readonly variant?: string[];
  readonly verbose: boolean;
  readonly seeds: number;
  /** Whether also case-runs are made that do not reach what a variant does otherwise. */
  readonly everywhere: boolean;
  /** How many case-runs are made of a variant at most, while they show it. */
  readonly most: number;
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function run(options: Options): Promise<number> {
  const began = performance.now();
  const root = packageRoot();
  const { protocol, corpus, entry } = await loadProtocol(options.protocol, options.case ?? []);
  const setup = {
    protocol: protocol.name,
    patterns: options.case ?? [],
    axes: options.axes,
    seed: options.seed,
    by: { kind: 'corpus' },
  } as const;
  const variants = selected(loadVariants(join(root, 'variants', protocol.name)), options.variant, options.area);
  const slow = dawdlings(options.seeds).filter(({ id }) => fits(id, options.variant) && options.area === undefined);
  if (variants.length + slow.length === 0) {
    process.stderr.write('no variant fits the selection\n');
    return EXIT.usage;
  }
  const campaign = { quick: false, digests: true, name: 'variants' };
  const peaceful =
    variants.length === 0
      ? 0
      : await withMeans(root, setup, options.threads, (means) => tryVariants({ ...campaign, ...means }, variants, options));
  const steady = await tryDawdlings(slow, { protocol, corpus, entry }, options);
  say(
    `\n${peaceful + steady} of ${variants.length + slow.length} variants pass everything, in ${((performance.now() - began) / 1000).toFixed(1)} s`,
  );
  return peaceful + steady === variants.length + slow.length ? EXIT.ok : EXIT.findings;
}

/** Runs the corpus with each patched peer, tells what came of it, and gives how many pass everything. */
async function tryVariants(campaign: Campaign, variants: readonly Variant[], options: Options): Promise<number> {
  const { reached, unfit, digests } = await runWatched(campaign, variants);
  for (const id of unfit) say(`left out, the reference pair itself does not pass it: ${id}`);
  const tried = async (some: readonly Variant[], only: typeof reached | undefined): Promise<VariantOutcome[]> => {
    const ran = await runPatched(campaign, some, { unfit, reached: only });
    return some.flatMap((variant) => {
      const outcome = ran.get(variant.id);
      return outcome === undefined ? [] : [outcomeOf(variant, outcome, digests)];
    });
  };
  const first = await tried(variants, options.everywhere ? undefined : shares(variants, reached, options.most));
  // A liberty that few case-runs show may be in none of a share.
  const unseen = first.filter(({ variant, runs, shown }) => shown.length === 0 && runs < (reached.get(variant.id)?.length ?? 0));
  const again = await tried(
    unseen.map(({ variant }) => variant),
    reached,
  );
  const outcomes = [...first.filter((outcome) => !unseen.includes(outcome)), ...again];
  for (const outcome of outcomes) outcomeLines(outcome, options.verbose ? Infinity : 20).forEach(say);
  for (const outcome of again) if (outcome.shown.length > 0) say(seldomLine(outcome));
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(plainOutcomes(outcomes), null, 1)}\n`);
  say(`${[...first, ...again].reduce((sum, { runs }) => sum + runs, 0)} case-runs`);
  return outcomes.filter(isAtPeace).length;
}

/** Runs the corpus with pauses and slow ends, tells what came of it, and gives how many of these pass everything. */
async function tryDawdlings(slow: readonly Dawdling[], { protocol, corpus, entry }: Loaded, options: Options): Promise<number> {
  if (slow.length === 0) return 0;
  const end = referenceFacts(protocol);
  const [binding] = bindingNames(protocol);
  const selection = { patterns: options.case ?? [], bindings: binding === undefined ? undefined : [binding] };
  const whole = plan(corpus, selection, { underTest: end, peer: end }, { bindings: bindingNames(protocol) });
  const { planned } = chooseRuns(whole, options.axes);
  const makeClient = await entry.makeClient();
  const makeServer = await entry.makeServer(corpus.services);
  const golden = goldenSource(simulatedWorld(), referenceEnds(makeClient, makeServer));
  let steady = 0;
  for (const dawdling of slow) {
    const alarms = await dawdle(dawdling, planned, { protocol, corpus, makeClient, makeServer, golden, seed: options.seed });
    if (alarms.length === 0) steady += 1;
    say(`${dawdling.id}: ${planned.length} case-runs, ${alarms.length === 0 ? 'pass' : `${alarms.length} do not pass`}`);
    for (const { run, verdict, messages } of alarms)
      say([`  ${run} (${verdict})`, ...messages.map((message) => `    ${message}`)].join('\n'));
  }
  return steady;
}

const program = withCampaignOptions(
  new Command('variants')
    .description('runs the corpus against the reference peers with one liberty each that the protocol allows; nothing may mind it')
    .option('--variant <glob...>', 'only these variants')
    .option('--seeds <count>', 'seeds of each way to be slow', positive, 2)
    .option('--everywhere', 'makes also the case-runs that do not reach what a variant does otherwise', false)
    .option(
      '--most <count>',
      'case-runs of each variant at most, a fixed draw of those that reach it; more only where none of them shows it',
      positive,
      Infinity,
    )
    .option('--verbose', 'prints all that does not pass', false),
  'variants',
);
// Each patched peer is code of its own, which is over before it is worth being optimised.
tuneEngine();
process.exitCode = await run(program.parse().opts<Options>());
