import type { Declare } from '../../declare.ts';
import { redactOption, showSecretsOption } from '../../options.ts';
import type { ExportOptions } from './export.ts';

/** Declares `weir export`. */
export const declareExport: Declare = (program, conclude) => {
  program
    .command('export')
    .description('write a recorded trace in a form that other programs know')
    .argument('<file>', 'a trace or a bundle')
    .option('--pcapng', 'a capture for Wireshark and tshark: both halves of each connection, faults as comments', false)
    .option('--jsonl', 'decoded frames, a line each', false)
    .option('--svg', 'a picture of the ladder', false)
    .option('--mermaid', 'a sequence diagram for issues and documents', false)
    .option('--har', 'requests and answers of HTTP, for browsers’ tools and others that read archives', false)
    .option('-o, --output <file>', 'where to (default: the standard output)')
    .addOption(redactOption())
    .addOption(showSecretsOption())
    .action(async (file: string, options: ExportOptions) => conclude((await import('./export.ts')).exportCommand(file, options)));
};
