import type { Declare } from '../../declare.ts';
import { protocolOption } from '../../options.ts';
import type { ExplainOptions } from './explain.ts';

/** Declares `weir explain`. */
export const declareExplain: Declare = (program, conclude) => {
  program
    .command('explain')
    .description('explain a requirement: its words, its source, what tests it')
    .argument('<requirement>', 'e.g. RIVER-HS-03')
    .addOption(protocolOption())
    .option('--json', 'as JSON', false)
    .action(async (id: string, options: ExplainOptions) => conclude((await import('./explain.ts')).explainCommand(id, options)));
};
