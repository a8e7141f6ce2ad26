import * as z from 'zod';
import { MOST_AT_ONCE } from '../common/limits.ts';

const headers = z
  .record(z.string(), z.union([z.string(), z.array(z.string()), z.null()]))
  .optional()
  .describe('Fields beside or instead of the usual ones, as they are written; null leaves one out.');

/** A piece of a body: in a stream an envelope, unless it is `bare`. */
const piece = z
  .strictObject({
    value: z.unknown().optional().describe('A message of the procedure, in the codec of the binding.'),
    error: z.record(z.string(), z.unknown()).optional().describe('JSON of an error.'),
    end: z.record(z.string(), z.unknown()).optional().describe('JSON of the end of a stream; flags are then 2.'),
    json: z.unknown().optional(),
    text: z.string().optional(),
    hex: z.string().optional(),
    gzip: z.literal(true).optional().describe('It is compressed; in an envelope flag 1 is set, too.'),
    flags: z.int().min(0).max(255).optional(),
    length: z.int().nonnegative().optional().describe('The length that its envelope says, where that is a lie.'),
    bare: z.literal(true).optional().describe('No envelope around it.'),
    cut: z.int().nonnegative().optional().describe('Only so many bytes of it are written, prefix included.'),
    times: z.int().positive().max(MOST_AT_ONCE).optional(),
  })
  .describe('One of value, error, end, json, text and hex; without one it is empty.');
/** A piece of a body. */
export type Piece = z.infer<typeof piece>;

const message = {
  headers,
  body: z.array(piece).optional(),
  framing: z
    .enum(['chunked', 'length', 'close', 'none'])
    .optional()
    .describe('How the body is framed; streams are chunked, others have a length.'),
  length: z.int().nonnegative().optional().describe('The Content-Length that is said, where it is a lie.'),
  dribble: z.int().positive().optional().describe('So many bytes a write, each in a chunk of its own where the body is chunked.'),
  part: z
    .enum(['begin', 'go-on', 'finish'])
    .optional()
    .describe('begin: the body is not ended; go-on: no head, and not ended; finish: no head.'),
};

/** An answer that a script writes. */
const respond = z.strictObject({
  to: z.string().describe('The call that it answers.'),
  status: z.int().optional(),
  reason: z.string().optional(),
  ...message,
});
/** An answer that a script writes. */
export type Respond = z.infer<typeof respond>;

/** A request that a script writes. */
const request = z.strictObject({
  as: z.string().optional().describe('A name for it; what goes on or finishes is the last one.'),
  method: z.string().optional(),
  procedure: z.string().optional().describe('weir.v1.Test/Echo'),
  target: z.string().optional().describe('As it stands in the first line; /<procedure> where it is not given.'),
  ...message,
});
/** A request that a script writes. */
export type ScriptedRequest = z.infer<typeof request>;

const bytes = z.strictObject({ hex: z.string().optional(), text: z.string().optional() });

const common = {
  raw: bytes.optional().describe('Bytes as they are, on the connection.'),
  close: z.literal(true).optional().describe('Say that nothing more comes (FIN).'),
  abort: z.literal(true).optional().describe('Drop the connection (RST).'),
};

/** Commands for the reference server, while a client is under test. */
export const serverScript = z.strictObject({
  ...common,
  on: z
    .int()
    .nonnegative()
    .optional()
    .describe('Which connection it accepted, from 0; default the latest. Goes with raw, close and abort.'),
  manual: z.array(z.string()).optional().describe('Procedures whose handlers do not run: the case answers by `respond`.'),
  respond: respond.optional(),
});
/** A command for the reference server. */
export type ServerCommand = z.infer<typeof serverScript>;

/** Commands for the reference client, while a server is under test. */
export const clientScript = z.strictObject({
  ...common,
  dial: z.literal(true).optional().describe('Another connection, which is the one of what follows.'),
  request: request.optional().describe('Write a request, on a connection of its own where there is none yet.'),
});
/** A command for the reference client. */
export type ClientCommand = z.infer<typeof clientScript>;
