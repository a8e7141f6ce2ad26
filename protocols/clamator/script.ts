import * as z from 'zod';

const word = z
  .union([z.string(), z.number(), z.strictObject({ $space: z.string() }), z.strictObject({ $hex: z.string() })])
  .describe('A word of a command; {"$space": ":cmds:calc"} is a name of this run, {"$hex": "ff"} bytes.');
/** A word of a command that a script writes. */
export type Word = z.infer<typeof word>;

const command = z.array(word).min(1).describe('A command on a connection of this instance, whatever it says.');

const reply = z
  .strictObject({
    to: z.string().describe('The call that it answers.'),
    result: z.unknown().optional(),
    error: z.unknown().optional(),
    envelope: z.unknown().optional().describe('The whole envelope; {"$id": true} in the place of a value is the id of the call.'),
    text: z.string().optional().describe('The envelope as text, whatever it is.'),
    hex: z.string().optional().describe('The envelope as bytes.'),
    latin1: z.boolean().optional().describe('The envelope, or the text, goes out in Latin-1, which is no UTF-8 where it has such letters.'),
    fields: z.record(z.string(), z.string()).optional().describe('Further fields, or all where no envelope is given.'),
    stream: z.string().optional().describe('Another stream than that of the caller, behind the prefix: :replies:nobody.'),
    times: z.int().positive().max(2000).optional(),
  })
  .describe('Write a reply: one of result, error, envelope, text and hex; without one an entry without an envelope.');
/** A reply that a script writes. */
export type ScriptedReply = z.infer<typeof reply>;

/** Commands for the reference server, while a client is under test. */
export const serverScript = z.strictObject({
  manual: z.array(z.string()).optional().describe('Methods whose handlers do not run: the case answers by `reply`.'),
  reply: reply.optional(),
  command: command.optional(),
});
/** A command for the reference server. */
export type ServerCommand = z.infer<typeof serverScript>;

const entry = z
  .strictObject({
    stream: z.string().default(':cmds:calc').describe('The stream, behind the prefix.'),
    envelope: z.unknown().optional(),
    text: z.string().optional().describe('The envelope as text, whatever it is.'),
    type: z.string().default('rpc'),
    'reply-to': z.string().optional().describe('Where a reply is wanted, behind the prefix.'),
  })
  .describe('Add an entry to a stream: one of envelope and text, or neither.');

/** Commands for the reference client, while a server is under test. */
export const clientScript = z.strictObject({ command: command.optional(), add: entry.optional() });
/** A command for the reference client. */
export type ClientCommand = z.infer<typeof clientScript>;
