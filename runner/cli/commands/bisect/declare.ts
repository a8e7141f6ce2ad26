import { Option } from 'commander';
import type { Declare } from '../../declare.ts';
import { protocolOption } from '../../options.ts';
import type { BisectOptions } from './bisect.ts';

/** Declares `weir bisect`. */
export const declareBisect: Declare = (program, conclude) => {
  program
    .command('bisect')
    .description('find the version in which a case began to fail')
    .argument('<implementation>', 'as weir run takes it; its manifest says how a version is started')
    .argument('<case>', 'an id or glob; a whole run id also names role and binding')
    .addOption(
      new Option('--versions <version...>', 'versions to search, the oldest first (default: those of the manifest)').conflicts('git'),
    )
    .option('--git <range>', 'search commits of the repository that the manifest lies in, as in v1.0..main')
    .option('--time-scale <factor>', 'as of weir run')
    .addOption(protocolOption())
    .addHelpText(
      'after',
      '\nExamples:\n  weir bisect replit-river river/rpc/error-details\n  weir bisect ./implementation.yaml river/rpc/add@client+json --versions 1.0 1.1 1.2 2.0\n  weir bisect ./implementation.yaml river/rpc/add --git v1.0..HEAD\n',
    )
    .action(async (implementation: string, pattern: string, options: BisectOptions) =>
      conclude((await import('./bisect.ts')).bisectCommand(implementation, pattern, options)),
    );
};
