import type { Declare } from '../../declare.ts';
import { allowRemoteOption, atLeastOne, redactOption, redisUrlOption, showSecretsOption } from '../../options.ts';
import type { ReplayOptions } from './replay.ts';

/** Declares `weir replay`. */
export const declareReplay: Declare = (program, conclude) => {
  program
    .command('replay')
    .description('run again what a bundle is of, with the same seed and faults, and say whether it fails again')
    .argument('<bundle>', 'a file of the folder bundles/ that weir run wrote')
    .option('-i, --implementation <path>', 'the implementation to run: a bundle names one, but runs only what comes with Weir')
    .option('--case <file>', 'the case file with its secrets, where the bundle has masks and the case is none of the corpus')
    .option('--repeat <times>', 'run it that many times and count', atLeastOne, 1)
    .addOption(redisUrlOption())
    .addOption(allowRemoteOption())
    .addOption(redactOption())
    .addOption(showSecretsOption())
    .action(async (file: string, options: ReplayOptions) => conclude((await import('./replay.ts')).replayCommand(file, options)));
};
