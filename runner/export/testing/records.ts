import type { Role } from '../../../protocols/common/frame.ts';
import { readRecords, type TraceRecordRead } from '../../bundles/records.ts';

/** A record without its place in a trace. */
export type Unnumbered = TraceRecordRead extends infer R ? (R extends TraceRecordRead ? Omit<R, 'n' | 't'> : never) : never;

/** Records of a trace, numbered, a ms apart. */
export function records(...events: readonly Unnumbered[]): TraceRecordRead[] {
  return readRecords(
    events.map((event, n) => ({ n, t: n, ...event })),
    'test',
  );
}

/** The frame of a text message. */
export function message(text: string): Extract<TraceRecordRead, { type: 'sent' }>['frame'] {
  return { kind: 'message', class: 'data', text: true, data: Buffer.from(text).toString('base64') };
}

/** A message as an end sends it on connection 0. */
export function sent(from: Role, text: string, connection = 0): Unnumbered {
  return { type: 'sent', connection, from, frame: message(text), summary: `says ${text}` };
}

/** A message as it reaches an end on connection 0. */
export function delivered(to: Role, of: number | undefined, text: string, altered = false, connection = 0): Unnumbered {
  return { type: 'delivered', connection, to, ...(of === undefined ? {} : { of }), altered, frame: message(text), summary: `says ${text}` };
}
