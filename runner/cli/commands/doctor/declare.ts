import type { Declare } from '../../declare.ts';
import type { DoctorOptions } from './doctor.ts';

/** Declares `weir doctor`. */
export const declareDoctor: Declare = (program, conclude) => {
  program
    .command('doctor')
    .description('walk an adapter through the control protocol, without judging its implementation: what is wrong, and how it is mended')
    .argument('<implementation>', 'as weir run takes it: a folder with implementation.yaml, the file, or a built-in name; name@version')
    .option('--quick', 'only the conversation: no cases are played', false)
    .addHelpText(
      'after',
      '\nExit code 0: nothing is wrong with the adapter; 1: something is; 2: it cannot be looked at.\n\nExamples:\n  weir doctor ./my-adapter --quick\n  weir doctor reference-node\n',
    )
    .action(async (implementation: string, options: DoctorOptions) =>
      conclude((await import('./doctor.ts')).doctorCommand(implementation, options)),
    );
};
