import * as z from 'zod';

/** Which bytes of a frame make a member of its message. */
export const fieldRecord = z.object({
  path: z.array(z.union([z.string(), z.int()])).describe('Keys and indices from the root; empty for the message as a whole.'),
  at: z.tuple([z.int(), z.int()]).describe('First byte, and the one behind the last; a member begins with its key.'),
  form: z.string().optional().describe('How it is written, where the value alone does not tell: uint 16, str 8, text in base64.'),
  says: z.string().optional().describe('What the value means in the protocol’s words: open, closed.'),
  text: z.string().optional().describe('The value in short, where the trace holds no decoded message.'),
});
/** Which bytes of a frame make a member of its message. */
export type FieldRecord = z.infer<typeof fieldRecord>;
