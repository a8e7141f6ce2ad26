#!/usr/bin/env node
import { Command } from 'commander';
import { plain } from '../../protocols/common/plain.ts';
import { packageVersion } from '../package-root.ts';
import { COMMANDS } from './commands.ts';
import { explainError } from './errors.ts';
import { EXIT } from './exit.ts';
import { survivePoorOutput } from './poor-output.ts';
import { tuneEngine } from './tuning.ts';

/** How long the process may take to end by itself when its command is over, ms. */
const LAST_MS = 2000;

/** Commands of which what they say is not all that they leave: their files are there, whoever could not be told. */
const LEAVES_FILES: ReadonlySet<string> = new Set(['run', 'merge', 'report', 'matrix', 'fuzz', 'distil', 'baseline', 'init', 'tap']);

tuneEngine();

const program = new Command('weir')
  .description('Conformance harness and reference peer for session-oriented RPC protocols.')
  .version(packageVersion(), '-V, --version')
  .showHelpAfterError('(weir --help, or weir <command> --help, says more)')
  .configureOutput({ writeErr: (text) => process.stderr.write(text) })
  .exitOverride((error) => {
    process.exit(error.exitCode === 0 ? EXIT.ok : EXIT.usage);
  });

program.hook('preAction', async (_program, command) => (await import('./masked-output.ts')).maskOutput(command, process, process.env));
for (const declare of COMMANDS) declare(program, conclude);
sayUsageAfterErrors(program, 'weir');

if (process.argv.length <= 2) {
  program.outputHelp();
  process.exit(EXIT.usage);
}

const isLost = survivePoorOutput(process);
// At the end, since what is written last may be refused after its command is over.
process.once('exit', () => {
  if ((process.exitCode ?? EXIT.ok) === EXIT.ok && isLost() && !LEAVES_FILES.has(process.argv[2] ?? '')) process.exitCode = EXIT.harness;
});

// Also what a promise was rejected with and nobody heard. Adapters are killed as the process exits.
process.on('uncaughtException', (error) => {
  const { text, code } = explainError(error);
  process.stderr.write(`${plain(text)}\n`);
  process.exit(code);
});

// Where nothing is left to do: Node, left to end by itself, may wait for ever for what a broken connection left behind.
process.once('beforeExit', () => process.exit());

await program.parseAsync();

/** What is wrong with a command's words is told with the words that it takes. */
function sayUsageAfterErrors({ commands }: Command, path: string): void {
  for (const each of commands) {
    const whole = `${path} ${each.name()}`;
    each.showHelpAfterError(`usage: ${whole} ${each.usage()}\n(${whole} --help says more)`);
    sayUsageAfterErrors(each, whole);
  }
}

/** Waits for a command's exit code, tells what it failed with, and lets the process end. */
async function conclude(code: Promise<number>): Promise<void> {
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
