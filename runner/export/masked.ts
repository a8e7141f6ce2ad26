import type { Protocol } from '../../protocols/common/protocol.ts';
import type { TraceEvent } from '../../protocols/common/trace.ts';
import { startPlaces } from '../../protocols/common/whereabouts.ts';
import type { Recorded } from '../bundles/recorded.ts';
import { readEvent, recordGrammar, type TraceRecordRead } from '../bundles/records.ts';
import type { Masker } from '../masking/masker.ts';
import { learnFromWire } from '../masking/of-run.ts';
import type { Secrets } from '../masking/secrets.ts';
import { traceRecord } from '../results/trace-record.ts';

/**
 * The records of a trace as they may be handed on: what was masked when it was written stays so, and what `secrets` knows besides
 * (a trace of `--show-secrets`, keys of `--redact`) is masked too. Throws an `EvidenceError` on a malformed value.
 */
export function maskedRecords({ file, binding, records }: Recorded, protocol: Protocol, secrets: Secrets): TraceRecordRead[] {
  const places = startPlaces(binding);
  const events = records.map((record) => (isPart(record) ? undefined : readEvent(record, protocol, places, file)));
  const whole = events.flatMap((event): TraceEvent[] => (event === undefined ? [] : [event]));
  secrets.speaks(protocol);
  const seen = learnFromWire(secrets, whole, protocol);
  const masker = secrets.maskerOf(seen);
  if (!masker.masking) return [...records];
  const streams = new Map(
    records.flatMap((record) => ('stream' in record && record.stream !== undefined ? [[record.n, record.stream]] : [])),
  );
  return records.map((record, i) => {
    const event = events[i];
    if (event === undefined) return maskedPart(record, masker);
    const written = recordGrammar.parse(traceRecord(event, { protocol, binding, masker, whereabouts: places.ofEvent }, streams));
    return 'masked' in record && record.masked === true && 'frame' in written ? { ...written, masked: true } : written;
  });
}

/** Whether only the beginning of its frame was kept, so that nothing reads it. */
function isPart(record: TraceRecordRead): boolean {
  return 'frame' in record && record.frame.class === 'data' && record.frame.length !== undefined;
}

function maskedPart(record: TraceRecordRead, masker: Masker): TraceRecordRead {
  if (!('frame' in record) || record.frame.class !== 'data') return record;
  const data = Buffer.from(masker.keptBytes(Buffer.from(record.frame.data, 'base64'))).toString('base64');
  const summary = record.summary === undefined ? {} : { summary: masker.words(record.summary) };
  return { ...record, frame: { ...record.frame, data }, ...summary };
}
