import * as z from 'zod';
import { frameKinds } from './classify.ts';

const any = z.unknown().optional();
const headers = z.record(z.string(), z.unknown()).optional();

/**
 * Grammar of Connect's wire patterns. Every key present must match; values follow the rules of protocols/common/pattern.ts (`any`,
 * `$absent`, …). Messages are the JSON form of Protobuf, whatever the binding.
 */
export const wirePattern = z.strictObject({
  from: z.enum(['client', 'server']).optional().describe('Who sent it.'),
  kind: z.union([z.enum(frameKinds), z.array(z.enum(frameKinds))]).optional(),
  call: z.string().optional().describe('Name of a call: its request, and what answers it.'),
  connection: z.int().nonnegative().optional().describe('Counts from 0 in order of appearance.'),
  exchange: any.describe('Which request of its connection, from 0.'),
  last: z.boolean().optional().describe('Whether nothing of its message follows.'),
  method: any,
  path: any.describe('Of a request, without its query.'),
  target: any.describe('Of a request, as it stands there.'),
  query: any.describe('Of a GET: names, encoding, compression, base64, connect.'),
  status: any,
  headers: headers.describe('Fields of a head by name in lower case: their values joined by commas, or {$absent: true}.'),
  flags: any.describe('Of an envelope, as a number.'),
  size: any.describe('Bytes of a body or a message, as they were sent.'),
  value: any.describe('The message of a test service.'),
  error: any.describe('Code, message and details of an error; {$absent: true} for none.'),
  metadata: any.describe('Metadata in the end of a stream.'),
  json: any.describe('JSON of an error or of the end of a stream as it was written.'),
  text: any.describe('Of a body that is no message and no JSON: its beginning.'),
  trailers: any.describe('Names of HTTP’s own trailers, in lower case.'),
});

/** A parsed wire pattern. */
export type WirePattern = z.infer<typeof wirePattern>;
