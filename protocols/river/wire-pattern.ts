import * as z from 'zod';

/** Kinds of River frames, as patterns, lanes, summaries and fingerprints name them. */
export const frameKinds = [
  'handshake-request',
  'handshake-response',
  'heartbeat',
  'rehandshake-request',
  'rehandshake-response',
  'open',
  'data',
  'close',
  'cancel',
  'undecodable',
  'transport-close',
  'keep-alive',
] as const;

/** Kind of a frame. `data`: anything on a stream that neither opens nor cancels nor is a CLOSE; a Result with the closed bit is data. */
export type FrameKind = (typeof frameKinds)[number];

/**
 * Grammar of River's wire patterns. Every key present must match; `payload` and the other values follow the rules of
 * protocols/common/pattern.ts (subset of maps, `any`, `$absent`, …).
 */
export const wirePattern = z.strictObject({
  from: z.enum(['client', 'server']).optional().describe('Who sent it.'),
  kind: z.union([z.enum(frameKinds), z.array(z.enum(frameKinds))]).optional(),
  stream: z.string().optional().describe('Name of a call, or of a stream that the case opened by hand.'),
  'stream-id': z.unknown().optional().describe('Pattern of the literal streamId.'),
  flags: z.unknown().optional().describe('The number, or a pattern of it.'),
  payload: z.unknown().optional(),
  handshake: z
    .unknown()
    .optional()
    .describe('Shorthand: a handshake message whose payload (request) or payload.status (response) matches.'),
  result: z.unknown().optional().describe('Shorthand: a data frame whose payload is {ok: true, payload: <this>}.'),
  error: z.unknown().optional().describe('Shorthand: payload is {ok: false, payload: <this>}, whatever the flags.'),
  seq: z.unknown().optional(),
  ack: z.unknown().optional(),
  id: z.unknown().optional(),
  to: z.unknown().optional(),
  sender: z.unknown().optional().describe('Pattern of the envelope field `from`.'),
  service: z.unknown().optional(),
  procedure: z.unknown().optional(),
  tracing: z.unknown().optional(),
  text: z.boolean().optional().describe('Whether it is a text frame.'),
  connection: z.int().nonnegative().optional().describe('Counts from 0 in order of appearance.'),
  code: z.unknown().optional().describe('Close code, for transport-close.'),
});

/** A parsed wire pattern. */
export type WirePattern = z.infer<typeof wirePattern>;
