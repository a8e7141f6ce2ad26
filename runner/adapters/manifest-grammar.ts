import * as z from 'zod';
import { apiShape } from '../../protocols/common/control.ts';
import { LONGEST_TIMER_MS } from '../longest-timer.ts';

/** Grammar of `implementation.yaml`. Parser, types and JSON Schema come from here. */

/** Stands for the version of the chosen column in commands and environment values. */
export const VERSION_PLACEHOLDER = `\${version}`;

const command = z
  .array(z.string())
  .min(1)
  .describe(`Program and arguments, no shell. ${VERSION_PLACEHOLDER} stands for the version of the column.`);
const environment = z.record(z.string(), z.string()).describe(`Added to the runner’s environment; ${VERSION_PLACEHOLDER} as in command.`);
const roles = z.array(z.enum(['client', 'server'])).min(1);

const column = z
  .strictObject({
    version: z.string().optional().describe('Version that the adapter must report (default: the label).'),
    command: command.optional(),
    env: environment.optional(),
    roles: roles.optional(),
    features: z.array(z.string()).optional(),
    timers: z.record(z.string(), z.number().nonnegative()).optional(),
    bindings: z.array(z.string()).min(1).optional(),
    codecs: z.array(z.string()).min(1).optional().describe('Another name of `bindings`.'),
  })
  .describe('What differs in this version; the rest is as above.');

/** The manifest of an implementation. */
export const manifestGrammar = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]*$/, 'lower-case letters, digits, `.`, `_` and `-`')
    .describe('Short name, used in commands and file names.'),
  title: z.string().describe('Name for people.'),
  version: z.string().optional().describe('Version that the adapter must report. Leave it out to take what it reports.'),
  language: z.string(),
  url: z.string().optional().describe('Home page or repository.'),
  protocol: z.string().describe('The protocol it speaks, e.g. river.'),
  roles: roles.describe('Which ends it can play.'),
  command: command.describe(`Starts the adapter. ${VERSION_PLACEHOLDER} stands for the version of the column.`),
  setup: z.array(command).optional().describe('Commands run before the first start, in order; cheap when there is nothing to do.'),
  cwd: z.string().optional().describe('Where all commands run, relative to this file (default: its folder).'),
  env: environment.optional(),
  shapes: z
    .array(apiShape)
    .optional()
    .describe('What its API cannot show (default: what the adapter says); cases that ask for more are skipped.'),
  timers: z
    .record(z.string(), z.number().nonnegative())
    .optional()
    .describe(
      'Timers that it cannot set, and the values they have: ms of wall clock, never scaled, counts as they are; added to what the adapter says. It honours all others.',
    ),
  features: z.array(z.string()).optional().describe('What it can do beyond the basics (default: what the adapter says).'),
  bindings: z.array(z.string()).min(1).optional().describe('Bindings to test (default: what the adapter says).'),
  codecs: z.array(z.string()).min(1).optional().describe('Another name of `bindings`.'),
  concurrency: z.int().positive().optional().describe('Runs side by side in one process (default: what the adapter says).'),
  dials: z
    .literal('127.0.0.1')
    .optional()
    .describe('The one address of the loopback that it dials, where it takes no other (default: any; each process of Weir has its own).'),
  'startup-ms': z
    .int()
    .positive()
    .max(LONGEST_TIMER_MS)
    .optional()
    .describe('Longest wait for the answer to initialize, ms (default 10000).'),
  'call-ms': z.int().positive().max(LONGEST_TIMER_MS).optional().describe('Longest wait for any other answer, ms (default 10000).'),
  redact: z
    .array(z.string().min(1))
    .optional()
    .describe('Keys whose values are secret wherever they stand: in metadata, values and `env`, beside those whose names say so.'),
  'known-failures': z.string().optional().describe('File of known failures, relative to this one.'),
  prerequisites: z
    .array(
      z.strictObject({
        check: command.describe('Ends with exit code 0 where the prerequisite is there.'),
        install: z.string().describe('Command that installs it, shown to people.'),
      }),
    )
    .optional()
    .describe('Looked at when the adapter does not start; where one is missing its cases are skipped with the command that installs it.'),
  versions: z
    .record(z.string(), column)
    .optional()
    .describe('Columns of the matrix: label → what differs. Without a label the first one is meant.'),
});

/** A manifest as it was written. */
export type Manifest = z.infer<typeof manifestGrammar>;
