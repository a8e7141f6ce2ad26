import { availableParallelism } from 'node:os';
import { Option } from 'commander';
import type { Declare } from '../../declare.ts';
import {
  allowRemoteOption,
  atLeastOne,
  axesOption,
  bindingOption,
  integer,
  profileOption,
  protocolOption,
  redactOption,
  redisUrlOption,
  requirementOption,
  roleOption,
  seedOption,
  shard,
  showSecretsOption,
  strictOption,
  tagOption,
  timerMs,
  timeScaleOption,
} from '../../options.ts';
import { REPORTS, USUAL_REPORTS } from '../../report-names.ts';
import type { RunOptions } from '../../run-options.ts';

/** Declares `weir run`. */
export const declareRun: Declare = (program, conclude) => {
  const run = program
    .command('run', { isDefault: false })
    .description('run the corpus: an implementation against the reference peer, or the reference pair against itself')
    .argument('[cases...]', 'ids or globs: river/rpc/*, reconnect/**, !river/slow/**; a whole run id also names role and binding')
    .option(
      '-i, --implementation <path>',
      'implementation under test: a folder with implementation.yaml, the file, or a built-in name; name@version picks a column',
    )
    .option('--against <path>', 'the implementation at the other end, instead of the reference peer: named as above')
    .addOption(protocolOption())
    .addOption(roleOption())
    .addOption(bindingOption())
    .addOption(tagOption())
    .addOption(requirementOption())
    .addOption(
      new Option('--world <world>', 'real: sockets and the wall clock (default); simulated: virtual time, reference pair only').choices([
        'real',
        'simulated',
      ]),
    )
    .addOption(axesOption('smoke of an implementation, full of the reference pair'))
    .addOption(timeScaleOption())
    .option('--toxiproxy-url <url>', 'run toxics on this Toxiproxy (its HTTP API) instead of in this process; also TOXIPROXY_URL')
    .addOption(redisUrlOption())
    .addOption(seedOption())
    .option('--repeat <times>', 'run each case-run that many times', atLeastOne, 1)
    .option('--concurrency <runs>', 'case-runs at a time', atLeastOne)
    .option('--timeout <ms>', 'longest that the steps of one case-run may take (default: their own waits and 15 s)', timerMs)
    .option('--processes <count>', 'adapter processes at a time', atLeastOne, availableParallelism())
    .option('--no-confirm', 'tell news of an implementation at once, without running it again apart')
    .option('--threads <count>', 'threads that share a run of the reference pair', atLeastOne, availableParallelism())
    .option('--isolate', 'every case-run in an adapter process of its own', false)
    .option('--bail <failures>', 'stop after that many case-runs that break the build (each confirmed as ever)', atLeastOne)
    .option('--shard <i/n>', 'run one of n parts, e.g. 2/5; weir merge puts the results together', shard)
    .option('--last-failed', 'only what was red or not reached in the results of the last run', false)
    .option(
      '--sweep [what...]',
      'variants of each nominal case: every frame cut, dropped, duplicated, split, delayed; or only some kinds, or one variant as in cut-before:client:3',
    )
    .option('--watch', 'run again when a case or the implementation changes, what was red first', false)
    .addOption(strictOption())
    .addOption(profileOption())
    .option('--set <set>', 'score against a frozen set of cases, e.g. v2.0, or a file of that form; what it does not have breaks nothing')
    .option('-o, --output <folder>', 'where results.json, the reports and traces go', 'weir-report')
    .option('--no-output', 'write no files')
    .addOption(new Option('--report <kind...>', 'which reports to write beside results.json').choices(REPORTS).default(USUAL_REPORTS))
    .option('--open', 'open the HTML report when the run is over', false)
    .addOption(new Option('--traces <which>', 'which traces to keep').choices(['all', 'failed', 'none']).default('failed'))
    .option('--verbose', 'a line for every case-run', false)
    .option('--stories <count>', 'how many causes of failure are told in full', integer, 10)
    .addOption(allowRemoteOption())
    .addOption(redactOption())
    .addOption(showSecretsOption())
    .addHelpText(
      'after',
      '\nExamples:\n  weir run\n  weir run river/reconnect/** --role client -i ./weir.implementation.yaml\n  weir run --world simulated --repeat 10\n',
    )
    .action(async (patterns: string[], options: RunOptions) => {
      if (typed.size > 1) run.error('error: --output and --no-output contradict each other; give one of them');
      return conclude(
        options.watch
          ? (await import('./watch.ts')).watchCommand(patterns, options)
          : (await import('./run.ts')).runCommand(patterns, options),
      );
    });
  const typed = new Set<string>();
  for (const option of ['output', 'no-output']) run.on(`option:${option}`, () => typed.add(option));
};
