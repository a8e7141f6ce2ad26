import { Option } from 'commander';
import type { Declare } from '../../declare.ts';
import {
  allowRemoteOption,
  atLeastOne,
  bindingOption,
  positive,
  redactOption,
  redisUrlOption,
  roleOption,
  seedOption,
  showSecretsOption,
  timeScaleOption,
} from '../../options.ts';
import type { FuzzOptions } from './options.ts';

/** Declares `weir fuzz`. */
export const declareFuzz: Declare = (program, conclude) => {
  program
    .command('fuzz')
    .description('run generated scenarios; each cause of failures is told once, made small and left as a case file')
    .argument('[protocol]', 'e.g. river')
    .option('-i, --implementation <path>', 'as in weir run; without it the reference pair')
    .addOption(roleOption())
    .addOption(bindingOption())
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
    .option('--without <feature...>', 'features that no scenario uses, as one that is known to be broken')
    .option('--strict', 'broken SHOULD and IMPL rules are findings too, as they always are for the reference pair', false)
    .option('-o, --output <folder>', 'where case files of failures go', 'weir-report/fuzz')
    .addOption(redisUrlOption())
    .addOption(allowRemoteOption())
    .addOption(redactOption())
    .addOption(showSecretsOption())
    .action(async (protocol: string | undefined, options: FuzzOptions) =>
      conclude((await import('./fuzz.ts')).fuzzCommand(protocol, options)),
    );
};
