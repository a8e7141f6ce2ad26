import { Option } from 'commander';
import type { Declare } from '../../declare.ts';
import {
  allowRemoteOption,
  atLeastOne,
  oneBindingOption,
  partners,
  port,
  profileOption,
  redactOption,
  showSecretsOption,
  strictOption,
} from '../../options.ts';
import type { TapOptions } from './options.ts';

/** Declares `weir tap`. */
export const declareTap: Declare = (program, conclude) => {
  program
    .command('tap')
    .description(
      'stand between programs that know nothing of Weir: frames as they pass, every rule that one of them breaks, faults at a key',
    )
    .argument('[protocol]', 'e.g. river')
    .requiredOption('--upstream <url>', 'where the server is, e.g. ws://localhost:3000')
    .option(
      '--listen <port>',
      'port on loopback that clients dial instead (default: a free one); where both ends dial a broker, each client and server has a port of its own: this one and those behind it',
      port,
      0,
    )
    .option('--clients <n>', 'where both ends dial a broker: so many clients, each at an address of its own (default 1)', partners)
    .option('--servers <n>', 'likewise so many servers (default 1)', partners)
    .addOption(oneBindingOption('guessed from the first message'))
    .option('--timer <name=ms...>', 'timers of the programs, where they are not the protocol’s defaults, e.g. heartbeatIntervalMs=5000')
    .option('--json', 'a line of JSON for each event, each broken rule, and the summary', false)
    .option('--quiet', 'tell broken rules and faults, but no frames', false)
    .option('--kind <kind...>', 'tell only frames of these kinds')
    .option('--stream <id...>', 'tell only frames of these streams')
    .addOption(new Option('--from <role>', 'tell only frames from this end').choices(['client', 'server', 'broker']))
    .option('--frame <pattern>', 'tell only frames that fit a wire pattern of cases, e.g. "{ from: client, kind: data }"')
    .option(
      '--fault <fault...>',
      'a fault in the words of cases, e.g. "drop: { frame: { from: server }, nth: 3 }"; one that waits for no frame strikes at its key, 1 to 9',
    )
    .option('--ui', 'serve a page on loopback that follows live, and open the browser where there is one', false)
    .option('--ui-port <port>', 'port of that page (default: a free one)', port, 0)
    .option('--no-open', 'do not open the browser')
    .option('-o, --output <file>', 'write the trace here at the end')
    .option('--disk <MiB>', 'how much of what is older stays, on disk; beyond that the oldest frames are gone', atLeastOne, 1024)
    .addOption(strictOption())
    .addOption(profileOption())
    .addOption(allowRemoteOption())
    .addOption(redactOption())
    .addOption(showSecretsOption())
    .action(async (protocol: string | undefined, options: TapOptions) =>
      conclude((await import('./tap.ts')).tapCommand(protocol, options)),
    );
};
