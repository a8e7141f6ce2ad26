import { jsonText } from '../../protocols/common/plain.ts';
import type { TraceRecordRead } from '../bundles/records.ts';

/**
 * The frames of a trace, decoded, a line each: where and when as in the trace, then kind, stream, summary and message (tagged values as
 * in traces), without bytes. `bytes` is the length of the body. What is invisible in texts is escaped.
 */
export function* jsonLines(records: readonly TraceRecordRead[]): Generator<string> {
  for (const record of records) if (record.type === 'sent' || record.type === 'delivered') yield jsonLine(record);
}

/** One record as such a line; those that are no frames as they are in a trace. */
export function jsonLine(record: TraceRecordRead): string {
  if (record.type !== 'sent' && record.type !== 'delivered') return `${jsonText(record)}\n`;
  const { frame, fields: _, ...rest } = record;
  return `${jsonText({ ...rest, frame: frame.class === 'data' ? { kind: frame.kind, class: frame.class, text: frame.text, bytes: sizeOf(frame) } : frame })}\n`;
}

function sizeOf({ data, length }: { readonly data: string; readonly length?: number | undefined }): number {
  return length ?? Buffer.byteLength(data, 'base64');
}
