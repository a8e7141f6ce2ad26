import type { Declare } from '../../declare.ts';
import {
  allowRemoteOption,
  atLeastOne,
  positive,
  profileOption,
  redactOption,
  redisUrlOption,
  seedOption,
  showSecretsOption,
  strictOption,
  timeScaleOption,
} from '../../options.ts';
import type { DistilOptions } from './options.ts';

/** Declares `weir distil`. */
export const declareDistil: Declare = (program, conclude) => {
  program
    .command('distil')
    .description('make a case of a recorded finding: the same steps, faults and frames, as short as still shows it')
    .argument('<file>', 'a trace or a bundle')
    .option('--finding <number>', 'which of its findings (default: the first)', atLeastOne)
    .option('--role <role>', 'the end under test, where a trace does not say (default: whom the finding blames)')
    .option('--from-wire', 'from what the wire shows, though it is of a case', false)
    .option('-i, --implementation <path>', 'as in weir run: the case is tried with it, and made shorter as long as it shows the finding')
    .option('--time <seconds>', 'longest that the case is made shorter', positive, 60)
    .option('-o, --output <file>', 'where the case goes (default: weir-report/distil/<name of the file>.yaml)')
    .addOption(strictOption())
    .addOption(profileOption())
    .addOption(timeScaleOption())
    .addOption(seedOption())
    .addOption(redisUrlOption())
    .addOption(allowRemoteOption())
    .addOption(redactOption())
    .addOption(showSecretsOption())
    .action(async (file: string, options: DistilOptions) => conclude((await import('./distil.ts')).distilCommand(file, options)));
};
