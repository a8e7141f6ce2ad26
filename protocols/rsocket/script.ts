import * as z from 'zod';
import { MOST_AT_ONCE } from '../common/limits.ts';
import { FRAME_TYPES, type FrameType } from './frame.ts';

/** Grammar of `peer:` steps: what a case can make RSocket's reference peers do, down to the single frame. One key a command. */

const frameType = z.enum(Object.keys(FRAME_TYPES) as [FrameType, ...FrameType[]]);

/** Names of flags, whatever type they belong to. */
export const flagNames = ['ignore', 'metadata', 'follows', 'resume', 'respond', 'complete', 'lease', 'next'] as const;

const flags = z.union([z.array(z.enum(flagNames)), z.int()]);

const position = z
  .union([z.int(), z.string().regex(/^true([+-]\d+)?$/)])
  .describe('The number, or the true one with an offset: true, true+1, true-11.');

const code = z.union([z.string(), z.int()]).describe('INVALID_SETUP, APPLICATION_ERROR, …, 0x301, or the number.');

const value = z.unknown().describe('Text, or {$bytes: base64}.');

/** A frame however wrong. What is left out is as a conforming peer would have it. */
export const sendFrame = z.strictObject({
  frame: z.union([frameType, z.int().min(0).max(0x3f)]).describe('The type, or its number.'),
  stream: z.string().optional().describe('Name of a call, of a stream that a script opened, or a new name; default: the connection.'),
  id: z.int().min(0).max(0xff_ff_ff_ff).optional().describe('The literal stream id, instead of `stream`; the top bit is the reserved one.'),
  flags: flags
    .optional()
    .describe('All flags, by name or as the number. Default: metadata where there is some, next for a PAYLOAD with data.'),
  also: flags.optional().describe('Flags beside those that the frame has anyway.'),
  data: value.optional(),
  metadata: value.optional(),
  route: z.string().optional().describe('Composite metadata with this route; `metadata` stands beside it.'),
  n: z.int().optional().describe('Of REQUEST_STREAM, REQUEST_CHANNEL, REQUEST_N.'),
  code: code.optional(),
  major: z.int().optional(),
  minor: z.int().optional(),
  keepalive: z.int().optional().describe('Ms; default: those of this peer.'),
  lifetime: z.int().optional(),
  token: value.optional(),
  'metadata-mime': z.string().optional(),
  'data-mime': z.string().optional(),
  ttl: z.int().optional(),
  requests: z.int().optional(),
  position: position.optional().describe('Of KEEPALIVE and RESUME_OK.'),
  'server-position': position.optional(),
  'client-position': position.optional(),
  'extended-type': z.int().optional(),
  'metadata-length': z.int().optional().describe('A metadata length that lies.'),
  reserved: z.array(z.string()).optional().describe('Fields whose reserved top bit is set: n, position, keepaliveMs, …'),
  cut: z.int().nonnegative().optional().describe('Only the first bytes of the frame.'),
  times: z.int().positive().max(MOST_AT_ONCE).optional().describe('Send this many (default 1); requests without `id` get an id each.'),
});
/** What a `send` command says. */
export type SendFrame = z.infer<typeof sendFrame>;

const reply = z.union([
  z.literal('normal').describe('As a conforming server does.'),
  z.literal('silent').describe('Never answer; what comes is recorded only.'),
  z.literal('hold').describe('Decide at the command `release`.'),
  z.literal('close').describe('End the connection without a word.'),
  z.literal('abort'),
  z
    .strictObject({ refuse: code, text: z.string().optional(), 'stay-open': z.boolean().optional() })
    .describe('An ERROR on the connection, then its end, unless it stays open.'),
]);

const common = {
  send: sendFrame.optional(),
  'send-raw': z
    .strictObject({ hex: z.string().optional(), text: z.string().optional() })
    .optional()
    .describe('A message of the carrier as it is: bytes in hex, or a text message.'),
  bytes: z
    .strictObject({ hex: z.string() })
    .optional()
    .describe('Bytes below the frames, where the carrier has such: lengths that lie, half a frame.'),
  ping: z.string().optional().describe('A ping with this text, where the carrier has such.'),
  close: z.literal(true).optional().describe('End the connection in order.'),
  abort: z.literal(true).optional().describe('Drop the connection.'),
  keepalives: z.enum(['off', 'on']).optional().describe('Off: send and answer no KEEPALIVE.'),
  watchdog: z.enum(['off', 'on']).optional().describe('Ignore / mind the other end’s silence.'),
  reactions: z.enum(['off', 'on']).optional().describe('Off: what comes is recorded and changes nothing.'),
  manual: z.array(z.string()).optional().describe('Procedures whose handlers do not run: the case answers by `send`.'),
  lease: z.strictObject({ requests: z.int(), ttl: z.number() }).optional().describe('Grant requests, for so many nominal ms.'),
};

/** Commands for the reference server, while a client is under test. */
export const serverScript = z.strictObject({
  ...common,
  on: z
    .int()
    .nonnegative()
    .optional()
    .describe('Which connection it accepted, from 0; default the latest that is open. Goes with any command.'),
  setup: z
    .union([reply, z.strictObject({ reply, times: z.int().positive() })])
    .optional()
    .describe('How the next SETUPs are answered: for good, or that many times and then normally again.'),
  resume: z
    .union([reply, z.strictObject({ ok: position })])
    .optional()
    .describe('How RESUME is answered; `ok` answers with this position.'),
  release: z.literal(true).optional().describe('Decide about what is held.'),
  'forget-sessions': z.literal(true).optional().describe('Lose what could be resumed, as a restarted server would.'),
});
/** A command for the reference server; one key beside `on` is present. */
export type ServerCommand = z.infer<typeof serverScript>;

/** Commands for the reference client, while a server is under test. */
export const clientScript = z.strictObject({
  ...common,
  on: z.string().optional().describe('Which client of the case carries it out (default main). Goes with any command.'),
  connect: z
    .enum(['raw', 'normal'])
    .optional()
    .describe('raw: open a connection and send nothing, not even a SETUP; what comes is recorded only, until `setup` or `resume` is sent.'),
  setup: sendFrame
    .omit({ frame: true, stream: true })
    .optional()
    .describe('Send a SETUP on the raw connection; from then on this client lives on it as on any.'),
  resume: sendFrame
    .omit({ frame: true, stream: true })
    .optional()
    .describe('Send a RESUME on the raw connection; on RESUME_OK this client’s session goes on there.'),
  reconnect: z.enum(['off', 'on']).optional().describe('Off: a session that lost its connection does not take another by itself.'),
});
/** A command for the reference client; one key beside `on` is present. */
export type ClientCommand = z.infer<typeof clientScript>;
