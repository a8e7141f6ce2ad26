import * as z from 'zod';
import { FRAME_TYPES, type FrameType } from './frame.ts';

/** Kinds of frames, as patterns, lanes and fingerprints name them: types, and what is none. The carriers' own are `head`, `close`, `fin`, `ping`, `pong`. */
export const frameKinds = [
  ...(Object.keys(FRAME_TYPES) as FrameType[]),
  'UNKNOWN',
  'undecodable',
  'head',
  'close',
  'fin',
  'ping',
  'pong',
] as const;

const flag = z.boolean().optional();
const any = z.unknown().optional();

/**
 * Grammar of RSocket's wire patterns. Every key present must match; values follow the rules of protocols/common/pattern.ts (`any`,
 * `$absent`, …). Bytes are text where they are well-formed UTF-8.
 */
export const wirePattern = z.strictObject({
  from: z.enum(['client', 'server']).optional().describe('Who sent it.'),
  kind: z.union([z.enum(frameKinds), z.array(z.enum(frameKinds))]).optional(),
  call: z.string().optional().describe('Name of a call, or of a stream that a script opened; on the connection where it began.'),
  id: any.describe('Pattern of the stream id.'),
  flags: any.describe('All flags as one number.'),
  ignore: flag,
  follows: flag,
  complete: flag,
  next: flag,
  respond: flag,
  resume: flag.describe('Whether a SETUP has a resume token.'),
  lease: flag.describe('Whether a SETUP honours leases.'),
  data: any,
  metadata: any.describe('All metadata; {$absent: true} for none.'),
  route: any.describe('The route in a request’s metadata.'),
  own: any.describe('The application’s metadata beside the route.'),
  n: any,
  code: any.describe('Name of an error code, or 0x00000301 where it has none.'),
  text: any.describe('Text of an ERROR.'),
  major: any,
  minor: any,
  keepalive: any.describe('Ms, as they are on the wire.'),
  lifetime: any,
  token: any,
  'metadata-mime': any,
  'data-mime': any,
  ttl: any,
  requests: any,
  position: any,
  'server-position': any,
  'client-position': any,
  'extended-type': any,
  'type-code': any,
  length: any.describe('Bytes of the frame, without a length before it.'),
  connection: z.int().nonnegative().optional().describe('Counts from 0 in order of appearance.'),
});

/** A parsed wire pattern. */
export type WirePattern = z.infer<typeof wirePattern>;
