import * as z from 'zod';
import { MOST_AT_ONCE } from '../common/limits.ts';

/** Grammar of `peer:` steps: what a case can make River's reference peers do, down to the single frame. One key a command. */

const anyValue = z.unknown();

const flag = z.enum(['ack', 'open', 'cancel', 'closed']);

const sequence = z
  .union([
    z.literal('next').describe('The next number of the session; it is used up and buffered like any message.'),
    z.literal('same-as-last').describe('The number of the last message this peer sent.'),
    z
      .string()
      .regex(/^(next|last|ack)[+-]\d+$/)
      .describe('An offset: next+1, last-2, ack+500.'),
    z.int(),
  ])
  .describe('Default next. Only `next` uses the number up.');

/** A message however wrong. Fields left out are filled in as a conforming peer would. */
export const sendMessage = z.strictObject({
  stream: z
    .string()
    .optional()
    .describe('Name of a call, of a stream this peer opened, or a new name; default: none needed for handshakes.'),
  'stream-id': z.string().optional().describe('The literal streamId, instead of `stream`.'),
  flags: z
    .union([z.array(flag), z.int()])
    .optional()
    .describe('Names of bits, or the number itself. Default 0.'),
  payload: anyValue.describe('Tagged value; {"$undefined": true} leaves the key out.'),
  service: z.unknown().optional(),
  procedure: z.unknown().optional(),
  seq: sequence.optional(),
  ack: z.union([z.literal('current'), z.int(), z.string().regex(/^current[+-]\d+$/)]).optional(),
  id: z.union([z.literal('same-as-last'), z.string()]).optional(),
  from: z.string().optional(),
  to: z.string().optional(),
  envelope: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('Keys laid over the finished envelope; {"$undefined": true} removes one.'),
  times: z.int().positive().max(MOST_AT_ONCE).optional().describe('Send this many, each with its own seq and id (default 1).'),
  connection: z.enum(['current', 'previous']).optional().describe('Default: the live connection of the session.'),
});

const rawBytes = z
  .strictObject({ hex: z.string().optional(), text: z.string().optional(), json: anyValue.optional() })
  .describe('A frame as it is: bytes in hex, a text frame, or a value encoded by the codec without any envelope.');

const closeCommand = z.strictObject({ code: z.union([z.int(), z.literal('none')]).optional(), reason: z.string().optional() });

const common = {
  send: sendMessage.optional(),
  'send-raw': rawBytes.optional(),
  close: closeCommand
    .optional()
    .describe('Close the WebSocket in order (default code 1000, `none` for a close frame without one); the session is kept.'),
  abort: z.literal(true).optional().describe('Drop the connection without a closing handshake; the session is kept.'),
  heartbeats: z.enum(['off', 'on']).optional().describe('Server: send none / resume. Client: answer none / resume.'),
  watchdog: z.enum(['off', 'on']).optional().describe('Ignore / mind the other end’s silence.'),
  acks: z
    .union([z.literal('frozen'), z.literal('live')])
    .optional()
    .describe('Keep sending the present ack value, whatever arrives.'),
  'gap-check': z.enum(['off', 'on']).optional().describe('Off: take frames whose seq is too high instead of closing the connection.'),
  heartbeat: z
    .strictObject({ times: z.int().positive().max(MOST_AT_ONCE).optional() })
    .optional()
    .describe('Send that many heartbeats now.'),
};

const handshakeReply = z.union([
  z.literal('normal').describe('Answer as a conforming server does.'),
  z.literal('silent').describe('Never answer.'),
  z.literal('abort').describe('Drop the connection instead of answering.'),
  z.literal('hold').describe('Hold the answer back until the command `release-handshake`.'),
  z.strictObject({ refuse: z.strictObject({ code: z.string(), reason: z.string().optional() }) }),
  z.strictObject({ session: z.string() }).describe('Answer ok with this sessionId.'),
  z.strictObject({ payload: anyValue }).describe('Answer with this payload.'),
  z
    .strictObject({ changed: z.record(z.string(), z.unknown()) })
    .describe('A normal answer whose payload has these members instead; maps are gone into, {"$undefined": true} removes one.'),
  z.strictObject({ raw: rawBytes }),
  z.strictObject({ envelope: z.record(z.string(), z.unknown()) }).describe('A normal answer with these envelope keys laid over.'),
]);

/** Commands for the reference server, while a client is under test. */
export const serverScript = z.strictObject({
  ...common,
  manual: z
    .array(z.string())
    .optional()
    .describe('Procedures (`test.add`) whose handlers do not run: the case answers with send, respond, close-stream, cancel.'),
  handshake: z
    .union([handshakeReply, z.strictObject({ reply: handshakeReply, times: z.int().positive() })])
    .optional()
    .describe('How the next handshakes are answered: for good, or that many times and then normally again.'),
  'release-handshake': z.literal(true).optional(),
  'forget-sessions': z.literal(true).optional().describe('Lose every session as a restarted server would; live connections are dropped.'),
  respond: z
    .strictObject({
      to: z.string(),
      ok: anyValue.optional(),
      error: z.strictObject({ code: z.string(), message: z.string(), extras: z.unknown().optional() }).optional(),
      closed: z.boolean().optional().describe('Set the closed bit (default: true for rpc and upload).'),
    })
    .optional(),
  'close-stream': z.string().optional().describe('Send {type: CLOSE} with the closed bit on a call’s stream.'),
  'cancel-stream': z
    .strictObject({ stream: z.string(), code: z.string().optional(), message: z.string().optional() })
    .optional()
    .describe('Send a cancel (default code CANCEL).'),
  rehandshake: z.literal(true).optional().describe('Ask for fresh metadata now.'),
});
/** A command for the reference server; exactly one key is present. */
export type ServerCommand = z.infer<typeof serverScript>;

/** Commands for the reference client, while a server is under test. */
export const clientScript = z.strictObject({
  ...common,
  on: z.string().optional().describe('Which client of the case carries it out (default main). Goes with any command.'),
  connect: z
    .enum(['raw', 'normal'])
    .optional()
    .describe(
      'raw: open a connection and send nothing, not even a handshake. It becomes the live one; what it receives is recorded only, until a handshake command completes.',
    ),
  handshake: z
    .strictObject({
      session: z.string().optional().describe('`current` (default) for the session’s id, `new` for a fresh one, else the literal id.'),
      version: z.unknown().optional(),
      'next-expected-seq': z.unknown().optional().describe('Default: the session’s true number. A number, or an offset as text: true+1.'),
      'next-sent-seq': z.unknown().optional(),
      metadata: z.unknown().optional(),
      payload: z.unknown().optional().describe('The whole payload, instead of all of the above.'),
      envelope: z.record(z.string(), z.unknown()).optional(),
    })
    .optional()
    .describe(
      'Send a handshake request on the raw connection; on ok its session becomes this client’s and lives on normally, buffer replayed.',
    ),
  reconnect: z.enum(['off', 'on']).optional().describe('Off: after a loss do nothing by itself.'),
  replay: z.enum(['off', 'on']).optional().describe('Off: do not resend the buffer after a resume.'),
  open: z
    .strictObject({
      stream: z.string(),
      procedure: z.string(),
      init: anyValue.optional(),
      flags: z.union([z.array(flag), z.int()]).optional(),
    })
    .optional()
    .describe('Send an open message by hand, on a new random streamId known by that name (default flags: open).'),
  rehandshake: z
    .union([z.literal('normal'), z.literal('silent'), z.strictObject({ payload: anyValue }), z.strictObject({ metadata: anyValue })])
    .optional()
    .describe('How the next requests for fresh metadata are answered.'),
});
/** A command for the reference client; exactly one key beside `on` is present. */
export type ClientCommand = z.infer<typeof clientScript>;
