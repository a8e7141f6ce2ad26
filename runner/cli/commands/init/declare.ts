import type { Declare } from '../../declare.ts';
import type { InitOptions } from './init.ts';

/** Declares `weir init`. */
export const declareInit: Declare = (program, conclude) => {
  program
    .command('init')
    .description('begin an adapter: the adapter itself, its manifest, a list of known failures and a workflow for CI')
    .argument('[folder]', 'where it goes; a new folder, named after the adapter where none is given')
    .option('--name <name>', 'of the implementation, as commands will say it')
    .option('--protocol <protocol>', 'what it speaks, e.g. river')
    .option('--language <language>', 'what the adapter is written in: the language of your library, e.g. python')
    .option('--role <role>', 'client, server or both')
    .addHelpText(
      'after',
      '\nWhat is not said is asked for on a terminal. Nothing that is there is written over.\n\nExamples:\n  weir init\n  weir init my-river --protocol river --language python --role client\n',
    )
    .action(async (folder: string | undefined, options: InitOptions) =>
      conclude((await import('./init.ts')).initCommand(folder, options, process)),
    );
};
