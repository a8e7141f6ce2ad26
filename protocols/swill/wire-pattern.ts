import * as z from 'zod';
import { headPatterns } from '../carriers/websocket/heads.ts';
import { frameKinds } from './classify.ts';

const any = z.unknown().optional();

/**
 * Grammar of Swill's wire patterns. Every key present must match; values follow the rules of protocols/common/pattern.ts (`any`,
 * `$absent`, …). Metadata that is nil, or not written, is absent.
 */
export const wirePattern = z.strictObject({
  from: z.enum(['client', 'server']).optional().describe('Who sent it.'),
  kind: z.union([z.enum(frameKinds), z.array(z.enum(frameKinds))]).optional(),
  call: z.string().optional().describe('Name of a call, or of a request that a script opened: any frame with its seq on its connection.'),
  connection: z.int().nonnegative().optional().describe('Counts from 0 in order of appearance.'),
  seq: any,
  rpc: any.describe('Of a client’s frame.'),
  data: any.describe('Of a frame; of a ping or pong its bytes as text.'),
  metadata: any.describe('Of a client’s frame.'),
  leading: any.describe('Leading metadata of a server’s frame.'),
  trailing: any.describe('Trailing metadata of a server’s frame.'),
  code: any.describe('Of an ERROR, or of a close frame.'),
  message: any.describe('Text of an ERROR.'),
  extras: any.describe('Data of an ERROR.'),
  reason: any.describe('Of a close frame.'),
  elements: any.describe('How many elements the array was written with.'),
  length: any.describe('Bytes of the message.'),
  ...headPatterns,
});

/** A parsed wire pattern. */
export type WirePattern = z.infer<typeof wirePattern>;
