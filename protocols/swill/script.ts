import * as z from 'zod';
import { MOST_AT_ONCE } from '../common/limits.ts';
import { REQUEST_TYPES, RESPONSE_TYPES } from './frame.ts';

/** Grammar of `peer:` steps: what a case can make Swill's reference peers do, down to the single frame. One key a command beside `on`. */

const changes = z
  .record(z.string(), z.union([z.string(), z.array(z.string()), z.null()]))
  .optional()
  .describe('Fields beside or instead of the usual ones, as they are written; null leaves one out, a list writes it several times.');

const common = {
  call: z.string().optional().describe('Name of a call, of a request that a script opened, or a new name.'),
  seq: z.unknown().optional().describe('The literal seq, whatever it is; default: that of the call, or the next one.'),
  'seq-in-64-bits': z.literal(true).optional().describe('The seq is written in 64 bits, however small it is.'),
  'array-in-bits': z
    .union([z.literal(16), z.literal(32)])
    .optional()
    .describe('How many elements follow is written in so many bits, however few they are.'),
  data: z.unknown().optional().describe('Default nil.'),
  elements: z.int().min(0).max(5).optional().describe('How many elements are written; default: as a conforming peer does.'),
  extra: z.array(z.unknown()).optional().describe('Elements behind the five.'),
  hex: z.string().optional().describe('The message as it is, instead of all that; more of it behind, where `data` is given too.'),
  text: z.string().optional().describe('A text message instead.'),
  cut: z.int().nonnegative().optional().describe('Only the first bytes of the message.'),
  times: z.int().positive().max(MOST_AT_ONCE).optional().describe('Send so many; new requests get a seq each.'),
  fragments: z.int().positive().max(1000).optional().describe('Into how many WebSocket fragments it goes.'),
};

/** A client's frame however wrong. */
export const requestSpec = z.strictObject({
  type: z
    .union([z.enum(REQUEST_TYPES), z.unknown()])
    .optional()
    .describe('The type, or whatever stands in its place; default MESSAGE.'),
  ...common,
  rpc: z.unknown().optional().describe('Default: that of the call.'),
  metadata: z.unknown().optional(),
});
/** A client's frame however wrong. */
export type RequestSend = z.infer<typeof requestSpec>;

/** A server's frame however wrong. */
export const responseSpec = z.strictObject({
  type: z
    .union([z.enum(RESPONSE_TYPES), z.unknown()])
    .optional()
    .describe('The type, or whatever stands in its place; default MESSAGE.'),
  ...common,
  leading: z.unknown().optional(),
  trailing: z.unknown().optional(),
});
/** A server's frame however wrong. */
export type ResponseSend = z.infer<typeof responseSpec>;

const below = {
  bytes: z.strictObject({ hex: z.string() }).optional().describe('Bytes below the messages, as they are.'),
  ping: z.string().optional().describe('A ping with this text.'),
  close: z
    .union([z.literal(true), z.strictObject({ code: z.int().optional(), reason: z.string().optional() })])
    .optional()
    .describe('A close frame: 1000, or as it says; without a code it has none.'),
  abort: z.literal(true).optional().describe('Drop the connection.'),
};

/** Commands for the reference client, while a server is under test. */
export const clientScript = z.strictObject({
  on: z.string().optional().describe('Which client of the case carries it out (default main). Goes with any command.'),
  dial: z
    .strictObject({
      method: z.string().optional(),
      path: z.string().optional(),
      subprotocols: z.array(z.string()).optional(),
      headers: changes,
      silent: z.literal(true).optional().describe('Connect, and ask for nothing.'),
    })
    .optional()
    .describe('Another connection, on which this client lives from then on; what comes there is recorded.'),
  send: requestSpec.optional(),
  burst: z.array(requestSpec).optional().describe('Frames that are written at once.'),
  dribble: requestSpec.optional().describe('A frame of which each byte is written apart.'),
  ...below,
});
/** A command for the reference client. */
export type ClientCommand = z.infer<typeof clientScript>;

const upgrade = z.union([
  z.literal('normal').describe('As a conforming server does.'),
  z.literal('silent').describe('Never answered.'),
  z.literal('close').describe('The connection is ended instead.'),
  z.strictObject({ status: z.int().optional(), headers: changes }).describe('Answered otherwise.'),
]);

/** Commands for the reference server, while a client is under test. */
export const serverScript = z.strictObject({
  on: z.int().nonnegative().optional().describe('Which connection it accepted, from 0; default the latest. Goes with any command.'),
  upgrade: z
    .strictObject({ how: upgrade, times: z.int().positive().optional().describe('For so many upgrades; default for good.') })
    .optional()
    .describe('How the next upgrades are answered.'),
  manual: z.array(z.string()).optional().describe('Procedures whose handlers do not run: the case answers by `send`.'),
  send: responseSpec.optional(),
  burst: z.array(responseSpec).optional().describe('Frames that are written at once.'),
  dribble: responseSpec.optional().describe('A frame of which each byte is written apart.'),
  ...below,
});
/** A command for the reference server. */
export type ServerCommand = z.infer<typeof serverScript>;
/** How a script answers an upgrade. */
export type ScriptedUpgrade = z.infer<typeof upgrade>;
