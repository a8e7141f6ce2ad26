import * as z from 'zod';

const any = z.unknown().optional();

/**
 * Grammar of clamator's wire patterns. Every key present must match; values follow the rules of protocols/common/pattern.ts. Keys are
 * without the prefix: `cmds:calc`, `replies:weir-main`.
 */
export const wirePattern = z.strictObject({
  from: z.enum(['client', 'server', 'broker']).optional().describe('Who sent it.'),
  of: z.string().optional().describe('Which instance dialled the connection: main, server, worker-2.'),
  kind: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .describe(
      'A command (XADD, XREADGROUP, XGROUP CREATE …), or the form of an answer: id, entries, claimed, executed (of a transaction: each of its answers is found by its own form, too), integer, status, nothing, error, value, push.',
    ),
  connection: z.int().nonnegative().optional().describe('Counts from 0 in order of appearance.'),
  call: z.string().optional().describe('Name of a call: its request, its reply, and answers that hold either.'),
  key: any.describe('The key without the prefix: cmds:calc, replies:weir-main.'),
  group: any,
  consumer: any,
  count: any,
  block: any,
  idle: any,
  maxlen: any.describe('~ 1024'),
  id: any.describe('Of XADD, as it is asked for: *.'),
  after: any.describe('Of reads and claims: behind which id.'),
  fields: any.describe('Names of an entry’s fields, in order.'),
  envelope: any.describe('The envelope of an entry, parsed.'),
  'reply-to': any.describe('Without the prefix.'),
  entries: any.describe('How many entries an answer holds.'),
  text: any.describe('Of a status or an error.'),
  value: any.describe('Of an answer, as plain values.'),
  args: any.describe('What stands behind the name of a command.'),
});

/** A parsed wire pattern. */
export type WirePattern = z.infer<typeof wirePattern>;
