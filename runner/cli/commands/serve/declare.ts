import { type Command, Option } from 'commander';
import type { Declare } from '../../declare.ts';
import { integer, oneBindingOption, port, redactOption, showSecretsOption } from '../../options.ts';
import type { HoldOptions } from './hold.ts';
import type { ServeOptions } from './serve.ts';

/** Options of `weir serve` that mean something only with `--case`, and only without. */
const OF_A_CASE = ['hold', 'role', 'url', 'watchdogs', 'trace'] as const;
const OF_A_SERVER = ['serverId', 'option'] as const;

/** Declares `weir serve`. */
export const declareServe: Declare = (program, conclude) => {
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
    .option('--port <port>', 'port on loopback, with --case the one that the client under test dials (default: a free one)', port, 0)
    .addOption(oneBindingOption())
    .option('--server-id <id>', 'server id', 'SERVER')
    .option('--redis-url <url>', 'the Redis between the ends of protocols that have one', 'redis://127.0.0.1:6379')
    .option('--space <prefix>', 'what all its names there begin with', 'weir')
    .option('--option <name=value...>', 'protocol option, e.g. handshake=token')
    .addOption(redactOption())
    .addOption(showSecretsOption())
    .action(
      async (protocol: string | undefined, options: ServeOptions & { case?: string } & Omit<HoldOptions, 'case'>, command: Command) => {
        const { case: id, ...rest } = options;
        const others = id === undefined ? OF_A_CASE : OF_A_SERVER;
        const stray = others.find((name) => command.getOptionValueSource(name) === 'cli');
        if (stray !== undefined) {
          const option = command.options.find((each) => each.attributeName() === stray)?.long;
          command.error(
            `error: ${option} ${id === undefined ? 'needs --case' : 'says nothing with --case, which plays the case’s own server'}`,
          );
        }
        return conclude(
          id === undefined
            ? (await import('./serve.ts')).serveCommand(protocol, options)
            : (await import('./hold.ts')).holdCommand(protocol, { ...rest, case: id }),
        );
      },
    );
};
