#!/usr/bin/env node
import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { Command, Option } from 'commander';
import { plain } from '../../reporters/console/plain.ts';
import { packageVersion } from '../package-root.ts';
import type { BaselineOptions } from './commands/baseline.ts';
import type { CheckOptions } from './commands/check.ts';
import type { FuzzOptions } from './commands/fuzz.ts';
import type { HoldOptions } from './commands/hold.ts';
import type { ListOptions } from './commands/list.ts';
import type { ReplayOptions } from './commands/replay.ts';
import type { RunOptions } from './commands/run.ts';
import type { ServeOptions } from './commands/serve.ts';
import { explainError } from './errors.ts';
import { EXIT } from './exit.ts';
import {
  atLeastOne,
  codecOption,
  integer,
  positive,
  profileOption,
  protocolOption,
  requirementOption,
  roleOption,
  seedOption,
  shard,
  strictOption,
  tagOption,
  timerMs,
  timeScaleOption,
} from './options.ts';

/**
 * How long code runs before V8 optimises it, several times the default: a command is over soon, and each thread optimises for
 * itself on the cores that run cases. An engine that does not know the flag says so and goes on.
 */
const PATIENT_OPTIMISATION = '--interrupt-budget=500000';

/** How long the process may take to end by itself when its command is over, ms. */
const LAST_MS = 2000;

/** Options of `weir serve` that mean something only with `--case`, and only without. */
const OF_A_CASE = ['hold', 'role', 'url', 'watchdogs', 'trace'] as const;
const OF_A_SERVER = ['serverId', 'option'] as const;

setFlagsFromString(PATIENT_OPTIMISATION);

const program = new Command('weir')
  .description('Conformance harness and reference peer for session-oriented RPC protocols.')
  .version(packageVersion(), '-V, --version')
  .showHelpAfterError('(weir --help, or weir <command> --help, says more)')
  .configureOutput({ writeErr: (text) => process.stderr.write(text) })
  .exitOverride((error) => {
    process.exit(error.exitCode === 0 ? EXIT.ok : EXIT.usage);
  });

program
  .command('run', { isDefault: false })
  .description('run the corpus: an implementation against the reference peer, or the reference pair against itself')
  .argument('[cases...]', 'ids or globs: river/rpc/*, reconnect/**, !river/slow/**; a whole run id also names role and codec')
  .option(
    '-i, --implementation <path>',
    'implementation under test: a folder with implementation.yaml, the file, or a built-in name; name@version picks a column',
  )
  .addOption(protocolOption())
  .addOption(roleOption())
  .addOption(codecOption())
  .addOption(tagOption())
  .addOption(requirementOption())
  .addOption(
    new Option('--world <world>', 'real: sockets and the wall clock (default); simulated: virtual time, reference pair only').choices([
      'real',
      'simulated',
    ]),
  )
  .addOption(timeScaleOption())
  .option('--toxiproxy-url <url>', 'run toxics on this Toxiproxy (its HTTP API) instead of in this process; also TOXIPROXY_URL')
  .addOption(seedOption())
  .option('--repeat <times>', 'run each case-run that many times', atLeastOne, 1)
  .option('--concurrency <runs>', 'case-runs at a time', atLeastOne)
  .option('--timeout <ms>', 'longest that the steps of one case-run may take (default: their own waits and 15 s)', timerMs)
  .option('--processes <count>', 'adapter processes at a time', atLeastOne, availableParallelism())
  .option('--no-confirm', 'tell news of an implementation at once, without running it again apart')
  .option('--threads <count>', 'threads that share a run of the reference pair', atLeastOne, availableParallelism())
  .option('--isolate', 'every case-run in an adapter process of its own', false)
  .option('--bail <failures>', 'stop after that many case-runs that break the build', atLeastOne)
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
  .option('-o, --output <folder>', 'where results.json, junit.xml and traces go', 'weir-report')
  .option('--no-output', 'write no files')
  .addOption(new Option('--traces <which>', 'which traces to keep').choices(['all', 'failed', 'none']).default('failed'))
  .option('--verbose', 'a line for every case-run', false)
  .option('--stories <count>', 'how many causes of failure are told in full', integer, 10)
  .addHelpText(
    'after',
    '\nExamples:\n  weir run\n  weir run river/reconnect/** --role client -i ./weir.implementation.yaml\n  weir run --world simulated --repeat 10\n',
  )
  .action(async (patterns: string[], options: RunOptions) =>
    finish(
      options.watch
        ? (await import('./commands/watch.ts')).watchCommand(patterns, options)
        : (await import('./commands/run.ts')).runCommand(patterns, options),
    ),
  );

const baseline = program.command('baseline').description('keep the known failures of an implementation up to date');
for (const [name, what] of [
  ['write', 'add what fails now and is not explained, a cause an entry'],
  ['prune', 'take out what passes now or fits no case'],
] as const) {
  baseline
    .command(name)
    .description(what)
    .argument('[cases...]', 'ids or globs (default: all)')
    .requiredOption('-i, --implementation <path>', 'as in weir run')
    .addOption(protocolOption())
    .addOption(roleOption())
    .addOption(codecOption())
    .addOption(tagOption())
    .addOption(requirementOption())
    .addOption(timeScaleOption())
    .addOption(seedOption())
    .option('--repeat <times>', 'run each case-run that many times; what fails only sometimes is written with its rate', atLeastOne, 1)
    .option('--concurrency <runs>', 'case-runs at a time', atLeastOne)
    .option('--processes <count>', 'adapter processes at a time', atLeastOne, 1)
    .addOption(strictOption())
    .addOption(profileOption())
    .action(async (patterns: string[], options: BaselineOptions) => {
      const { baselineWriteCommand, baselinePruneCommand } = await import('./commands/baseline.ts');
      return finish((name === 'write' ? baselineWriteCommand : baselinePruneCommand)(patterns, options));
    });
}

program
  .command('merge')
  .description('put the results of shards together')
  .argument('<results...>', 'results.json files')
  .option('-o, --output <folder>', 'where the whole goes', 'weir-report')
  .action(async (files: string[], options: { output: string }) =>
    finish((await import('./commands/merge.ts')).mergeCommand(files, options)),
  );

program
  .command('replay')
  .description('run again what a bundle is of, with the same seed and faults, and say whether it fails again')
  .argument('<bundle>', 'a file of the folder bundles/ that weir run wrote')
  .option('-i, --implementation <path>', 'where the implementation lives, where that is not what the bundle says')
  .option('--repeat <times>', 'run it that many times and count', atLeastOne, 1)
  .action(async (file: string, options: ReplayOptions) => finish((await import('./commands/replay.ts')).replayCommand(file, options)));

program
  .command('check')
  .description('judge bundles and traces again by today’s rules, without the implementation')
  .argument('<files...>', 'bundles (all judges) or traces (the invariants alone)')
  .addOption(strictOption())
  .addOption(profileOption())
  .action(async (files: string[], options: CheckOptions) => finish((await import('./commands/check.ts')).checkCommand(files, options)));

program
  .command('fuzz')
  .description('run generated scenarios until one fails; the failure is made small and left as a case file')
  .argument('[protocol]', 'e.g. river')
  .option('-i, --implementation <path>', 'as in weir run; without it the reference pair')
  .addOption(roleOption())
  .addOption(codecOption())
  .addOption(
    new Option('--world <world>', 'simulated (default for the reference pair) or real (default for an implementation)').choices([
      'real',
      'simulated',
    ]),
  )
  .addOption(timeScaleOption())
  .addOption(seedOption())
  .option('--runs <count>', 'most scenarios', atLeastOne, 10_000)
  .option('--time <seconds>', 'longest search', positive, 60)
  .option('--concurrency <runs>', 'scenarios at a time', atLeastOne)
  .option('--strict', 'broken SHOULD and IMPL rules are findings too, as they always are for the reference pair', false)
  .option('-o, --output <folder>', 'where case files of failures go', 'weir-report/fuzz')
  .action(async (protocol: string | undefined, options: FuzzOptions) =>
    finish((await import('./commands/fuzz.ts')).fuzzCommand(protocol, options)),
  );

program
  .command('list')
  .description('list cases')
  .argument('[cases...]', 'ids or globs')
  .addOption(protocolOption())
  .addOption(roleOption())
  .addOption(tagOption())
  .addOption(requirementOption())
  .option('--json', 'as JSON', false)
  .action(async (patterns: string[], options: ListOptions) => finish((await import('./commands/list.ts')).listCommand(patterns, options)));

program
  .command('show')
  .description('show a case: steps, axes, the rules it tests')
  .argument('<case>', 'id or glob')
  .addOption(protocolOption())
  .option('--json', 'as JSON', false)
  .action(async (id: string, options: { json: boolean }) => finish((await import('./commands/show.ts')).showCommand(id, options)));

program
  .command('explain')
  .description('explain a requirement: its words, its source, what tests it')
  .argument('<requirement>', 'e.g. RIVER-HS-03')
  .addOption(protocolOption())
  .option('--json', 'as JSON', false)
  .action(async (id: string, options: { json: boolean }) => finish((await import('./commands/explain.ts')).explainCommand(id, options)));

program
  .command('coverage')
  .description('what tests each requirement, measured by running the corpus on the reference pair')
  .argument('[protocol]', 'e.g. river')
  .option('--all', 'also what is covered', false)
  .option('--json', 'as JSON', false)
  .option('--mutants <file>', 'what `npm run mutants -- --json <file>` wrote: also which mutants were killed')
  .action(async (protocol: string | undefined, options: { json: boolean; all: boolean; mutants?: string }) =>
    finish((await import('./commands/coverage.ts')).coverageCommand(protocol, options)),
  );

program
  .command('serve')
  .description('run a reference server on its own, or play a case against an implementation that you drive, and hold at a step')
  .argument('[protocol]', 'e.g. river')
  .option('--case <id>', 'the case to play with the reference peer')
  .option('--hold <step>', 'stay before this step (from 1; default: after the last); nothing times out', integer)
  .addOption(new Option('--role <role>', 'the role under test, which you drive').choices(['client', 'server']))
  .option('--url <url>', 'where the server under test listens')
  .option('--watchdogs', 'leave the timers on that make a peer give the other up', false)
  .option('--trace <file>', 'write the trace here at the end')
  .option('--port <port>', 'port on loopback, with --case the one that the client under test dials (default: a free one)', integer, 0)
  .option('--codec <codec>', 'codec')
  .option('--server-id <id>', 'server id', 'SERVER')
  .option('--option <name=value...>', 'protocol option, e.g. handshake=token')
  .action(async (protocol: string | undefined, options: ServeOptions & { case?: string } & Omit<HoldOptions, 'case'>, command: Command) => {
    const { case: id, ...rest } = options;
    const others = id === undefined ? OF_A_CASE : OF_A_SERVER;
    const stray = others.find((name) => command.getOptionValueSource(name) === 'cli');
    if (stray !== undefined) {
      const option = command.options.find((each) => each.attributeName() === stray)?.long;
      command.error(
        `error: ${option} ${id === undefined ? 'needs --case' : 'says nothing with --case, which plays the case’s own server'}`,
      );
    }
    return finish(
      id === undefined
        ? (await import('./commands/serve.ts')).serveCommand(protocol, options)
        : (await import('./commands/hold.ts')).holdCommand(protocol, { ...rest, case: id }),
    );
  });

program
  .command('call')
  .description('call one procedure with the reference client and print what comes back')
  .argument('<protocol>', 'e.g. river')
  .argument('<url>', 'e.g. ws://localhost:8080')
  .argument('<procedure>', 'service.procedure')
  .argument('[init]', 'init value as JSON, bytes as {"$bytes": "<base64>"}', '{}')
  .option('--codec <codec>', 'codec')
  .option('--kind <kind>', 'procedure kind, where it is not one of the standard test services')
  .option('--request <json...>', 'requests to send after the init, each as JSON')
  .option('--metadata <json>', 'handshake metadata as JSON')
  .option('--client-id <id>', 'client id', 'weir')
  .option('--server-id <id>', 'server id', 'SERVER')
  .option('--timeout <ms>', 'give up after that long', timerMs, 10_000)
  .action(async (protocol: string, url: string, procedure: string, init: string, options) =>
    finish((await import('./commands/call.ts')).callCommand({ protocol, url, procedure, init, ...options })),
  );

if (process.argv.length <= 2) {
  program.outputHelp();
  process.exit(EXIT.usage);
}

// Whoever reads may stop reading, as in `weir run | head`: the reports and the exit code are still wanted.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

// Also what a promise was rejected with and nobody heard. Adapters are killed as the process exits.
process.on('uncaughtException', (error) => {
  const { text, code } = explainError(error);
  process.stderr.write(`${plain(text)}\n`);
  process.exit(code);
});

await program.parseAsync();

async function finish(code: Promise<number>): Promise<void> {
  try {
    process.exitCode = await code;
  } catch (error) {
    const { text, code: exitCode } = explainError(error);
    process.stderr.write(`${plain(text)}\n`);
    process.exitCode = exitCode;
  }
  // Everything is told; what a run that was given up left open must not hold the process.
  setTimeout(() => process.exit(), LAST_MS).unref();
}
