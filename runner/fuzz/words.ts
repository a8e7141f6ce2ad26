import * as z from 'zod';
import type { Role } from '../../protocols/common/frame.ts';
import { problemsOf } from '../cases/issues.ts';
import { CorpusError } from '../cases/problem.ts';
import { readSource } from '../cases/source.ts';
import { LONGEST_WRITTEN, readText } from '../files/read.ts';
import { disturbanceWords, refusals } from './scenario.ts';

/** Grammar of `cases/<protocol>/fuzz.yaml`: what generated scenarios may do in a protocol, and what its procedures answer. */

const template = z.unknown();
const features = z.array(z.string()).default([]);

const reaction = z.strictObject({
  add: z.record(z.string(), template).default({}).describe('Stores that a number is added to, or an item appended to.'),
  say: z.array(template).default([]).describe('Values that the caller reads.'),
  each: z.string().optional().describe('A store of the call that is a list: the caller reads its items.'),
  metadata: template.optional().describe('What is read beside each of them, where a protocol has that.'),
  error: z.union([z.string(), z.number()]).optional().describe('Code of an error that the caller reads.'),
  end: z.boolean().default(false).describe('The call is over then.'),
});
const reactionOrNone = reaction.prefault({});

const procedure = z.strictObject({
  procedure: z.string(),
  kind: z.string().optional().describe('Only where services.yaml has no such procedure.'),
  weight: z.int().positive().default(1),
  init: template
    .optional()
    .describe('What the call opens with; without it what its kind opens with where nobody says, which may be nothing.'),
  metadata: template.optional().describe('What goes with the call, where a protocol has that.'),
  'on-init': reactionOrNone,
  requests: z
    .array(z.strictObject({ request: template, answer: reactionOrNone }))
    .default([])
    .describe('Requests that may be sent, each with what comes of it.'),
  'on-finish': reaction.optional().describe('What comes of closing the request side; without it the side is not closed.'),
  'on-change': z
    .strictObject({ of: z.string(), say: z.array(template) })
    .optional()
    .describe('What the caller reads whenever a store changes while the call is open.'),
  own: z.record(z.string(), z.unknown()).default({}).describe('Stores of each call.'),
  credit: z.boolean().default(false).describe('The caller says how many values it takes: a few at first, and more by and by.'),
  told: z.boolean().default(true).describe('Whether the caller is told anything, be it the end.'),
  heard: z.boolean().default(true).describe('Whether a handler sees the call.'),
  'heard-metadata': z
    .unknown()
    .optional()
    .describe('A pattern of the metadata that the handler sees, where it may be in other forms, too.'),
  deferred: z
    .boolean()
    .default(false)
    .describe('Whether nothing of the call need be sent before its first request, or the end of its requests.'),
  resent: z
    .boolean()
    .default(true)
    .describe(
      'Whether it is sent again where the network lost it; else no handler need see the call where something came between the ends.',
    ),
  needs: features,
});

const forgery = z.strictObject({
  command: z.string(),
  stream: z.string().optional().describe('Its key for a call, where it has one.'),
  base: z.record(z.string(), z.unknown()).default({}).describe('Keys without which the command is none, as they should be.'),
  parts: z.record(z.string(), z.array(z.unknown()).min(1)),
});

const hostile = z.strictObject({
  tampered: z
    .array(z.record(z.string(), z.unknown()))
    .default([])
    .describe('Keys of wire patterns of the frames that are changed on their way, beside `from`; none: nothing is.'),
  fields: z.array(z.string()).default([]).describe('Keys of a message that get a value they should not have.'),
  values: z.array(z.unknown()).default([]).describe('Those values, tagged.'),
  sets: z.array(z.record(z.string(), z.unknown())).default([]).describe('Keys laid over a message all at once.'),
  commands: z
    .strictObject({ client: z.array(z.array(z.unknown()).min(1)).min(1), server: z.array(z.array(z.unknown()).min(1)).min(1) })
    .describe('Commands for the scripted end, in the language of `peer` steps; `$call` stands for a call.'),
  forged: z
    .union([forgery, z.strictObject({ client: forgery, server: forgery })])
    .describe('The command that sends any message and what its keys may be, of either end or of both.'),
});

const words = z.strictObject({
  requirements: z.array(z.string()).min(1).describe('What a generated case tests; the first that obliges the role judges it.'),
  never: z.unknown().describe('A wire pattern of frames that no end ever sends: what is quiet while time passes.'),
  frames: z.array(z.record(z.string(), z.unknown())).min(1).describe('Keys of wire patterns that faults are tied to, beside `from`.'),
  disturbances: z
    .array(z.enum(disturbanceWords))
    .default([...disturbanceWords])
    .describe('What may go wrong with the network that the protocol bridges: applications read what they read undisturbed.'),
  refusals: z
    .array(z.enum(refusals))
    .min(1)
    .default([...refusals])
    .describe('How connections may be refused on the carriers there are.'),
  numbered: z
    .array(z.record(z.string(), z.unknown()))
    .default([])
    .describe('Like `frames`, of those that the protocol numbers: it notices when one is lost, repeated or overtaken.'),
  settles: z
    .boolean()
    .default(false)
    .describe(
      'Whether a session survives only once the other end has answered something: then nothing is disturbed before, and nobody comes after.',
    ),
  pools: z
    .boolean()
    .default(false)
    .describe('Whether a client has as many connections as it likes, and ends them when it likes: then nobody counts them.'),
  attempts: z.int().positive().describe('Connection attempts that faults of one scenario may cost.'),
  outage: z
    .strictObject({
      ms: z.number().positive(),
      timers: z.record(z.string(), z.number()).default({}),
      reconnects: z.boolean().default(true).describe('Whether clients live on; else there are new ones afterwards.'),
    })
    .describe('An outage that no session survives, and the timers of a client that lives on.'),
  'away-ms': z.number().positive().default(1).describe('Longest pause while connections are refused that a session survives.'),
  cancelled: z
    .string()
    .nullable()
    .optional()
    .describe(
      'Code of the error that ends a call which its caller abandons; without it such a call just ends; null: how it ends is not said.',
    ),
  unsent: z
    .union([z.boolean(), z.literal('each')])
    .default(false)
    .describe(
      'Whether a call that is abandoned before there is a connection is never sent: then nobody need have heard it; each: and each call may wait for a connection of its own.',
    ),
  features: z
    .strictObject({
      cancel: z.union([features, z.record(z.string(), features)]).describe('To give a call up: of all, or of some kinds of calls.'),
      clients: features,
      handlers: features,
      outage: features,
      'half-close': features,
      bigint: features,
    })
    .describe('Features that parts of a scenario need.'),
  stores: z.record(z.string(), z.unknown()).default({}).describe('What a server remembers, at its start.'),
  settings: z
    .array(
      z.strictObject({
        server: z.record(z.string(), z.unknown()).default({}),
        connect: z.record(z.string(), z.unknown()).default({}),
        calm: z.boolean().default(false).describe('Only where nothing comes between the ends.'),
        civil: z.boolean().default(false).describe('Only where neither end says what no conforming one would.'),
        ready: z.unknown().optional().describe('A wire pattern of what each client has before it may call.'),
        needs: features,
      }),
    )
    .min(1)
    .describe('How ends are set up, one for each scenario.'),
  probe: z.string().describe('The procedure that must answer on every client when all is over.'),
  procedures: z.array(procedure).min(1),
  hostile,
});

/** What scenarios of one protocol are made of. */
export type Words = z.infer<typeof words>;
/** A procedure as generated scenarios use it. */
export type ProcedureWords = Words['procedures'][number];
/** What comes of an init, a request, or the end of the requests. */
export type Reaction = ProcedureWords['on-init'];

/** A command that sends any message. */
export type Forgery = z.infer<typeof forgery>;

/** The command by which that end sends any message. */
export function forgeryOf({ forged }: Words['hostile'], end: Role): Forgery {
  return 'command' in forged ? forged : forged[end];
}

/** Reads `fuzz.yaml`. Throws a `CorpusError` that names file, line and column of what is wrong, or a `FileError` where there is none. */
export function loadWords(file: string): Words {
  const read = readSource(file, readText(file, LONGEST_WRITTEN));
  if (!read.ok) throw new CorpusError(read.problems);
  const parsed = words.safeParse(read.source.value);
  if (!parsed.success) throw new CorpusError(problemsOf(read.source, [], read.source.value, parsed.error, words));
  const { probe, procedures, disturbances, numbered } = parsed.data;
  const unnumbered = disturbances.find((word) => ['drop', 'duplicate', 'hold', 'reorder'].includes(word));
  if (numbered.length === 0 && unnumbered !== undefined) {
    const hint = 'name the frames that the protocol numbers, or leave it out of `disturbances`';
    throw new CorpusError([read.source.problem([], `\`${unnumbered}\` strikes numbered frames, and there are none`, hint)]);
  }
  if (!procedures.some(({ procedure: name }) => name === probe)) {
    throw new CorpusError([read.source.problem(['probe'], `\`${probe}\` is none of the procedures`, 'name one of those below')]);
  }
  return parsed.data;
}
