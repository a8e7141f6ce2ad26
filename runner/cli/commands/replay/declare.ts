import type { Declare } from '../../declare.ts';
import { atLeastOne } from '../../options.ts';
import type { ReplayOptions } from './replay.ts';

/** Declares `weir replay`. */
export const declareReplay: Declare = (program, conclude) => {
  program
    .command('replay')
    .description('run again what a bundle is of, with the same seed and faults, and say whether it fails again')
    .argument('<bundle>', 'a file of the folder bundles/ that weir run wrote')
    .option('-i, --implementation <path>', 'where the implementation lives, where that is not what the bundle says')
    .option('--repeat <times>', 'run it that many times and count', atLeastOne, 1)
    .action(async (file: string, options: ReplayOptions) => conclude((await import('./replay.ts')).replayCommand(file, options)));
};
