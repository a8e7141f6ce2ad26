import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { EXIT } from '../cli/exit.ts';
import { loadProtocol } from '../cli/load.ts';
import { type Campaign, type CampaignOptions, runPatched, runUnpatched, withCampaignOptions } from '../mutants/campaign.ts';
import { selected } from '../mutants/patch.ts';
import { packageRoot } from '../package-root.ts';
import { isAtPeace, outcomeLines, outcomeOf, plainOutcomes } from './outcome.ts';
import { loadVariants } from './variant.ts';

interface Options extends CampaignOptions {
  readonly variant?: string[];
  readonly verbose: boolean;
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function run(options: Options): Promise<number> {
  const began = performance.now();
  const root = packageRoot();
  const { protocol } = await loadProtocol(options.protocol);
  const setup = { protocol: protocol.name, patterns: options.case ?? [], seed: options.seed, by: { kind: 'corpus' } } as const;
  const variants = selected(loadVariants(join(root, 'variants', protocol.name)), options.variant, options.area);
  if (variants.length === 0) {
    process.stderr.write('no variant fits the selection\n');
    return EXIT.usage;
  }
  const campaign: Campaign = { root, setup, threads: options.threads, quick: false, digests: true, name: 'variants' };
  const unpatched = await runUnpatched(campaign, variants.some(({ codecs }) => codecs === 'all') ? 'all' : 'first');
  for (const id of unpatched.unfit) say(`left out, the reference pair itself does not pass it: ${id}`);
  const ran = await runPatched(campaign, variants, unpatched.unfit);
  const outcomes = variants.flatMap((variant) => {
    const outcome = ran.get(variant.id);
    return outcome === undefined ? [] : [outcomeOf(variant, outcome, unpatched.digests)];
  });
  for (const outcome of outcomes) outcomeLines(outcome, options.verbose ? Infinity : 20).forEach(say);
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(plainOutcomes(outcomes), null, 1)}\n`);
  const total = outcomes.reduce((sum, { runs }) => sum + runs, 0);
  const peaceful = outcomes.filter(isAtPeace).length;
  say(
    `\n${peaceful} of ${variants.length} variants pass everything, ${total} case-runs in ${((performance.now() - began) / 1000).toFixed(1)} s`,
  );
  return peaceful === variants.length ? EXIT.ok : EXIT.findings;
}

const program = withCampaignOptions(
  new Command('variants')
    .description('runs the corpus against the reference peers with one liberty each that the protocol allows; nothing may mind it')
    .option('--variant <glob...>', 'only these variants')
    .option('--verbose', 'prints all that does not pass', false),
  'variants',
);
process.exitCode = await run(program.parse().opts<Options>());
