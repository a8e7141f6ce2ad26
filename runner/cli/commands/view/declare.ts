import type { Declare } from '../../declare.ts';
import { port, profileOption, redactOption, showSecretsOption, strictOption } from '../../options.ts';
import type { ViewOptions } from './view.ts';

/** Declares `weir view`. */
export const declareView: Declare = (program, conclude) => {
  program
    .command('view')
    .description('look at a trace, a bundle or results: serves the viewer on loopback and opens the browser')
    .argument('<files...>', 'one trace or bundle, or results.json files; also folders with one')
    .option('--port <port>', 'port to serve on (default: any that is free)', port)
    .option('--no-open', 'do not open the browser')
    .addOption(strictOption())
    .addOption(profileOption())
    .addOption(redactOption())
    .addOption(showSecretsOption())
    .action(async (files: string[], options: ViewOptions) => conclude((await import('./view.ts')).viewCommand(files, options)));
};
