import type { Declare } from '../../declare.ts';
import { oneBindingOption, redactOption, showSecretsOption, timerMs } from '../../options.ts';
import type { CallOptions } from './call.ts';

/** Declares `weir call`. */
export const declareCall: Declare = (program, conclude) => {
  program
    .command('call')
    .description('call one procedure with the reference client and print what comes back')
    .argument('<protocol>', 'e.g. river')
    .argument('<url>', 'e.g. ws://localhost:8080')
    .argument('<procedure>', 'service.procedure')
    .argument('[init]', 'init value as JSON, bytes as {"$bytes": "<base64>"}', '{}')
    .addOption(oneBindingOption())
    .option('--kind <kind>', 'procedure kind, where it is not one of the standard test services')
    .option('--request <json...>', 'requests to send after the init, each as JSON')
    .option('--metadata <json>', 'handshake metadata as JSON')
    .option('--client-id <id>', 'client id', 'weir')
    .option('--server-id <id>', 'server id', 'SERVER')
    .option('--space <prefix>', 'where the ends dial a broker: what all names there begin with', 'weir')
    .option('--timeout <ms>', 'give up after that long', timerMs, 10_000)
    .addOption(redactOption())
    .addOption(showSecretsOption())
    .action(
      async (
        protocol: string,
        url: string,
        procedure: string,
        init: string,
        options: Omit<CallOptions, 'protocol' | 'url' | 'procedure' | 'init'>,
      ) => conclude((await import('./call.ts')).callCommand({ protocol, url, procedure, init, ...options })),
    );
};
