import type { Declare } from '../../declare.ts';
import {
  allowRemoteOption,
  atLeastOne,
  axesOption,
  bindingOption,
  profileOption,
  protocolOption,
  redactOption,
  requirementOption,
  roleOption,
  seedOption,
  showSecretsOption,
  strictOption,
  tagOption,
  timeScaleOption,
} from '../../options.ts';
import type { BaselineOptions } from './baseline.ts';

/** Declares `weir baseline write` and `weir baseline prune`. */
export const declareBaseline: Declare = (program, conclude) => {
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
      .addOption(bindingOption())
      .addOption(tagOption())
      .addOption(requirementOption())
      .addOption(axesOption('full').default('full'))
      .addOption(timeScaleOption())
      .addOption(seedOption())
      .option('--repeat <times>', 'run each case-run that many times; what fails only sometimes is written with its rate', atLeastOne, 1)
      .option('--no-confirm', 'take what fails as it is, without running it again apart')
      .option('--concurrency <runs>', 'case-runs at a time', atLeastOne)
      .option('--processes <count>', 'adapter processes at a time', atLeastOne, 1)
      .addOption(strictOption())
      .addOption(profileOption())
      .addOption(allowRemoteOption())
      .addOption(redactOption())
      .addOption(showSecretsOption())
      .action(async (patterns: string[], options: BaselineOptions) => {
        const { baselineWriteCommand, baselinePruneCommand } = await import('./baseline.ts');
        return conclude((name === 'write' ? baselineWriteCommand : baselinePruneCommand)(patterns, options));
      });
  }
};
